package dev.photon.ingress;

import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Passes another region's answer on to our client, as it comes. Confined to the request's event loop. */
final class ForwardedAnswer {
    /** RFC 9113, section 7. */
    private static final long INTERNAL_ERROR = 2;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final HttpClientResponse answer;
    private final String region;
    private final End end;
    private final Optional<Frames.Reader> frames;
    private final Buffer collected = Buffer.buffer();
    private long heardNanos = System.nanoTime();
    /** Whether it is our client that we wait for. */
    private boolean heldUp;

    /** Hears once that it is over, unless the client goes away before. */
    interface End {
        /**
         * @param complete whether the client was given all of it
         */
        void over(boolean complete);
    }

    /**
     * @param region that answers
     */
    ForwardedAnswer(HttpServerRequest request, HttpClientResponse answer, String region, End end) {
        this.request = request;
        this.response = request.response();
        this.answer = answer;
        this.region = region;
        this.end = end;
        this.frames = isFramed(answer) ? Optional.of(new Frames.Reader()) : Optional.empty();
    }

    /** Whether something on the way has compressed what is in frames, or the like, so that nobody can read it. */
    static boolean isGarbled(HttpClientResponse answer) {
        return isFramed(answer) && !Frames.areOutermost(answer.headers());
    }

    private static boolean isFramed(HttpClientResponse answer) {
        return answer.headers().contains(Http.FRAMED) && !answer.headers().contains(HttpHeaders.CONTENT_LENGTH);
    }

    /** Whether something of it comes every few seconds, though it may say nothing. */
    boolean showsLife() {
        return frames.isPresent();
    }

    void begin() {
        answer.exceptionHandler(broken -> breakOff());
        head();
        if (hasNoBody()) {
            answer.endHandler(ended -> finish());
        } else if (response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            passOn();
        } else if (request.version() == HttpVersion.HTTP_1_0) {
            collect();
        } else {
            response.setChunked(true);
            passOn();
        }
    }

    /** All that a browser is told, for one, the other region says itself. */
    private void head() {
        // That this connection ends is between us and our client.
        var ending = Optional.ofNullable(response.headers().get(HttpHeaders.CONNECTION));
        response.headers().clear();
        ending.ifPresent(value -> response.putHeader(HttpHeaders.CONNECTION, value));
        response.setStatusCode(answer.statusCode()).putHeader(Http.REGION, region);
        for (var field : Http.passedOn(answer.headers())) {
            if (Http.isAnswered(field.name()) && !isOfFrames(field)) {
                response.headers().add(field.name(), field.value());
            }
        }
        var inside =
                frames.map(reader -> Frames.codingsInside(answer.headers())).orElse("");
        if (!inside.isEmpty()) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, inside);
        }
    }

    private boolean isOfFrames(Header field) {
        return frames.isPresent()
                && switch (field.name()) {
                    case "vary" -> field.value().equals(Http.FORWARDED);
                    case "content-encoding" -> true;
                    default -> false;
                };
    }

    private boolean hasNoBody() {
        var status = answer.statusCode();
        return status == 204 || status == 304 || request.method().equals(HttpMethod.HEAD);
    }

    private void passOn() {
        response.drainHandler(room -> {
            heldUp = false;
            heardNanos = System.nanoTime();
            answer.resume();
        });
        answer.handler(part -> {
            heardNanos = System.nanoTime();
            var content = content(part);
            if (!response.closed() && content.length() > 0) {
                response.write(content);
                if (response.writeQueueFull()) {
                    heldUp = true;
                    answer.pause();
                }
            }
        });
        answer.endHandler(ended -> finish());
    }

    /** A client of HTTP/1.0 could not tell the half of it from the whole. */
    private void collect() {
        answer.handler(part -> {
            heardNanos = System.nanoTime();
            var content = content(part);
            if (content.length() > Reply.MAX_BYTES - collected.length()) {
                breakOff();
            } else {
                collected.appendBuffer(content);
            }
        });
        answer.endHandler(ended -> {
            if (!isWhole()) {
                breakOff();
            } else if (!response.closed()) {
                response.end(collected);
                end.over(true);
            }
        });
    }

    private Buffer content(Buffer part) {
        return frames.map(reader -> reader.read(part)).orElse(part);
    }

    private boolean isWhole() {
        return frames.map(Frames.Reader::isWhole).orElse(true);
    }

    private void finish() {
        if (!isWhole()) {
            breakOff();
        } else if (!response.closed()) {
            response.end();
            end.over(true);
        }
    }

    /** Breaks it off when nothing of it has come for so long. */
    void endAfter(long silentMillis) {
        if (!heldUp && System.nanoTime() - heardNanos > TimeUnit.MILLISECONDS.toNanos(silentMillis)) {
            breakOff();
        }
    }

    private void breakOff() {
        if (response.closed() || response.ended()) {
            return;
        }
        end.over(false);
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(INTERNAL_ERROR);
        } else {
            request.connection().close();
        }
    }
}
