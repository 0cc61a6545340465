using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "echo", worker = .echo) ],
  # The benchmark gives the address: --socket-addr http=127.0.0.1:PORT
  sockets = [ (name = "http", http = (), service = "echo") ],
);

const echo :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "echo.wasm", wasm = embed "../../e2e/src/test/resources/guests/echo.wasm"),
  ],
  compatibilityDate = "2026-11-01",
);
