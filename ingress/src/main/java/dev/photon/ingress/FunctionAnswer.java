package dev.photon.ingress;

import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.Predicate;

/** What a function answers, as an answer of HTTP. Stateless. */
final class FunctionAnswer {
    private FunctionAnswer() {}

    /**
     * Adds the fields that a function may set.
     *
     * @param allowed of those that HTTP leaves to it, by name
     * @return whether HTTP allows all of them; if not, none is added
     */
    static boolean addFields(HttpServerResponse response, List<Header> fields, Predicate<String> allowed) {
        try {
            fields.stream()
                    .filter(field -> Http.isAnswered(field.name()) && allowed.test(field.name()))
                    .forEach(field -> response.headers().add(field.name(), field.value()));
            return true;
        } catch (IllegalArgumentException e) {
            fields.forEach(field -> response.headers().remove(field.name()));
            return false;
        }
    }

    /** Sends the rest, and ends the response. */
    static void end(HttpServerResponse response, Reply.Answer answer) {
        response.setStatusCode(answer.status());
        if (Http.hasNoContent(answer.status())) {
            response.end();
        } else {
            response.end(Buffer.buffer(answer.body()));
        }
    }
}
