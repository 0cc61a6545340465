package dev.photon.protocol;

import java.nio.file.Path;

/**
 * Who we are for Kafka, by SCRAM-SHA-512 (RFC 5802, RFC 7677).
 *
 * @param passwordFile read at each authentication, so that it may change; an end of line in it does not count
 */
public record KafkaLogin(String user, Path passwordFile) {
    /** Under this key a client's settings have an object of this class. */
    static final String SETTING = "photon.login";

    String password() throws UnfitFile {
        return OperatorFile.secret(passwordFile);
    }
}
