package dev.photon.protocol;

import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.security.auth.SslEngineFactory;

/** What a Kafka client asks for each connection's TLS; made by Kafka, from the client's settings. */
public final class KafkaTlsEngines implements SslEngineFactory {
    private KafkaTls tls;

    @Override
    public void configure(Map<String, ?> settings) {
        tls = (KafkaTls) settings.get(KafkaTls.SETTING);
    }

    @Override
    public SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
        return tls.current().createClientSslEngine(peerHost, peerPort, endpointIdentification);
    }

    @Override
    public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
        throw new UnsupportedOperationException("we are a client");
    }

    /** Only brokers are reconfigured. */
    @Override
    public boolean shouldBeRebuilt(Map<String, Object> settings) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of();
    }

    @Override
    public KeyStore keystore() {
        return tls.current().keystore();
    }

    @Override
    public KeyStore truststore() {
        return tls.current().truststore();
    }

    @Override
    public void close() {}
}
