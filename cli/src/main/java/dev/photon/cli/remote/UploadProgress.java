package dev.photon.cli.remote;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Shows how much of a large body was sent, on a terminal. */
record UploadProgress(BodyPublisher body) implements BodyPublisher {
    private static final long LARGE = 1 << 20;

    /** The same body, and shown when there is somebody to see it and something to wait for. */
    static BodyPublisher of(BodyPublisher body) {
        return Terminal.isThere() && body.contentLength() > LARGE ? new UploadProgress(body) : body;
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        body.subscribe(new Flow.Subscriber<>() {
            private long sent;
            private long shown = -1;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer part) {
                sent += part.remaining();
                subscriber.onNext(part);
                var percent = sent * 100 / contentLength();
                if (percent != shown) {
                    shown = percent;
                    System.err.printf(
                            "\rsent %d of %d MB (%d %%)", sent / 1_000_000, contentLength() / 1_000_000, percent);
                }
            }

            @Override
            public void onError(Throwable failure) {
                System.err.println();
                subscriber.onError(failure);
            }

            @Override
            public void onComplete() {
                System.err.println();
                subscriber.onComplete();
            }
        });
    }
}
