addEventListener("handler", (event) => {
  const greeting = `Hello, ${event.request.headers.get("x-name") ?? "you"}!\n`;
  event.respondWith(new HttpResponseBuilder().status(200).header("content-type", "text/plain").body(greeting).build());
});
