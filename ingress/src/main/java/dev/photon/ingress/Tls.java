package dev.photon.ingress;

import dev.photon.protocol.UnfitFile;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 with the certificate that files hold, now and when they change. Files are compared by content, so that
 * it does not matter how they are replaced: in place, by renaming, or behind a symbolic link as Kubernetes does.
 */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

    private final TlsFiles files;
    private final Vertx vertx;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Certificate served;
    private volatile String complaint = "";

    private Tls(TlsFiles files, Vertx vertx, Certificate served) {
        this.files = files;
        this.vertx = vertx;
        this.served = served;
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException when they cannot be served, with the reason
     */
    static Tls open(TlsFiles files, Vertx vertx) {
        try {
            return new Tls(files, vertx, Certificate.read(files, vertx));
        } catch (UnfitFile e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    Certificate certificate() {
        return served;
    }

    /** What is wrong with the files; empty when nothing is. */
    String complaint() {
        return complaint;
    }

    /** Has a listener serve what the files hold by now, if that is fit to be served; else what was served before stays. */
    void look(HttpListener listener) {
        if (looking.compareAndSet(false, true)) {
            vertx.executeBlocking(() -> Certificate.read(files, vertx))
                    .onSuccess(found -> use(found, listener))
                    .onFailure(this::complain)
                    .onComplete(done -> looking.set(false));
        }
    }

    private void use(Certificate found, HttpListener listener) {
        if (found.equals(served)) {
            complaint = "";
            return;
        }
        listener.use(found)
                .onSuccess(used -> {
                    complaint = "";
                    served = found;
                    LOG.atInfo()
                            .addKeyValue("file", files.certificate())
                            .addKeyValue("expires", found.expires())
                            .log("new certificate");
                })
                .onFailure(this::complain);
    }

    /** Once for each reason, however often we look. */
    private void complain(Throwable failure) {
        var reason = String.valueOf(failure.getMessage());
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.atError().addKeyValue("reason", reason).log("new certificate is not served, the old one stays");
        }
    }

    static void apply(Certificate certificate, HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(certificate.options())
                .setEnabledSecureTransportProtocols(VERSIONS);
        ciphers().forEach(options::addEnabledCipherSuite);
    }

    static ServerSSLOptions options(Certificate certificate) {
        var options = new ServerSSLOptions();
        options.setUseAlpn(true).setKeyCertOptions(certificate.options()).setEnabledSecureTransportProtocols(VERSIONS);
        ciphers().forEach(options::addEnabledCipherSuite);
        return options;
    }

    /** Those with forward secrecy and authenticated encryption, the only ones HTTP/2 allows (RFC 9113, section 9.2.2). */
    private static List<String> ciphers() {
        try {
            var supported =
                    Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
            return Http2SecurityUtil.CIPHERS.stream()
                    .filter(supported::contains)
                    .toList();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
