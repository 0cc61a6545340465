package dev.photon.ingress;

import dev.photon.protocol.DeployResult;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.FunctionView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/**
 * {@code POST /deploy}: multipart form data in, a deployment command out, and the registry's decision as the answer.
 * Reading the files and sending them happens on a worker thread.
 */
final class DeployHandler {
    private static final String MODULE = "functionFile";
    private static final String TOML = "photoniqToml";
    private static final int MAX_TOML_BYTES = 64 * 1024;
    private static final long PATIENCE_MILLIS = Duration.ofSeconds(30).toMillis();

    private final Vertx vertx;
    private final Deployer deployer;
    private final FunctionView view;
    private final int maxArtifactBytes;

    DeployHandler(Vertx vertx, Deployer deployer, FunctionView view, int maxArtifactBytes) {
        this.vertx = vertx;
        this.deployer = deployer;
        this.view = view;
        this.maxArtifactBytes = maxArtifactBytes;
    }

    /** Leaves the handler's inner steps with what the client is told. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;
        private final ErrorKind kind;

        Unfit(ErrorKind kind, String reason) {
            super(reason, null, false, false);
            this.kind = kind;
        }
    }

    void handle(RoutingContext exchange) {
        vertx.executeBlocking(() -> send(exchange), false)
                .compose(sent -> Future.fromCompletionStage(
                                sent.decision().orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS),
                                vertx.getOrCreateContext())
                        .compose(decision -> visible(decision).map(seen -> answer(sent, decision)))
                        .onComplete(done -> deployer.forget(sent.deploymentId()))
                        .recover(failure -> failure instanceof TimeoutException
                                ? Future.succeededFuture(pending(sent))
                                : Future.failedFuture(failure)))
                .onSuccess(answer -> answer.send(exchange))
                .onFailure(failure -> problem(failure).send(exchange.response()));
    }

    private Deployer.Sent send(RoutingContext exchange) throws Unfit, IOException, InterruptedException {
        var module = upload(exchange, MODULE)
                .orElseThrow(() -> new Unfit(ErrorKind.BAD_REQUEST, "the part '" + MODULE + "' is missing"));
        if (module.size() > maxArtifactBytes) {
            throw new Unfit(
                    ErrorKind.TOO_LARGE,
                    "the module has %d bytes and %d are allowed".formatted(module.size(), maxArtifactBytes));
        }
        return deployer.deploy(Files.readAllBytes(Path.of(module.uploadedFileName())), toml(exchange));
    }

    private static String toml(RoutingContext exchange) throws Unfit, IOException {
        var field = exchange.request().getFormAttribute(TOML);
        if (field != null) {
            return field;
        }
        var file = upload(exchange, TOML)
                .orElseThrow(() -> new Unfit(ErrorKind.BAD_REQUEST, "the part '" + TOML + "' is missing"));
        if (file.size() > MAX_TOML_BYTES) {
            throw new Unfit(ErrorKind.TOO_LARGE, "photoniq.toml has at most " + MAX_TOML_BYTES + " bytes");
        }
        return new String(Files.readAllBytes(Path.of(file.uploadedFileName())), StandardCharsets.UTF_8);
    }

    private static Optional<FileUpload> upload(RoutingContext exchange, String part) {
        return exchange.fileUploads().stream()
                .filter(file -> file.name().equals(part))
                .findFirst();
    }

    /** The answer says 200 only once this ingress itself would find the version. */
    private Future<Void> visible(DeployResult.Decision decision) {
        return switch (decision) {
            case DeployResult.Accepted accepted -> {
                var context = vertx.getOrCreateContext();
                yield Future.fromCompletionStage(
                        view.await(accepted).orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS), context);
            }
            case DeployResult.Rejected rejected -> Future.succeededFuture();
        };
    }

    /** What the client gets: a status with JSON, or a problem. */
    private sealed interface Answer {
        void send(RoutingContext exchange);

        record Json(int status, JsonObject body) implements Answer {
            @Override
            public void send(RoutingContext exchange) {
                exchange.response().setStatusCode(status).putHeader("content-type", "application/json");
                exchange.response().end(body.toBuffer());
            }
        }

        record Refusal(Problem problem) implements Answer {
            @Override
            public void send(RoutingContext exchange) {
                problem.send(exchange.response());
            }
        }
    }

    private static Answer answer(Deployer.Sent sent, DeployResult.Decision decision) {
        return switch (decision) {
            case DeployResult.Accepted accepted ->
                new Answer.Json(
                        200,
                        new JsonObject()
                                .put("name", accepted.name())
                                .put("version", accepted.version())
                                .put("digest", accepted.digest().toString())
                                .put("status", accepted.unchanged() ? "unchanged" : "deployed")
                                .put("deploymentId", sent.deploymentId()));
            case DeployResult.Rejected rejected -> new Answer.Refusal(new Problem(rejected.kind(), rejected.reason()));
        };
    }

    private static Answer pending(Deployer.Sent sent) {
        return new Answer.Json(202, new JsonObject().put("status", "pending").put("deploymentId", sent.deploymentId()));
    }

    private static Problem problem(Throwable failure) {
        return switch (failure) {
            case Unfit unfit -> new Problem(unfit.kind, unfit.getMessage());
            case KafkaException away ->
                new Problem(ErrorKind.UNAVAILABLE, "the event log does not take deployments now");
            default -> new Problem(ErrorKind.INTERNAL, "the deployment could not be read");
        };
    }
}
