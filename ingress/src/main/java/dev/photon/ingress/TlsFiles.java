package dev.photon.ingress;

import java.nio.file.Path;

/**
 * Where the certificate and its key are, as PEM.
 *
 * @param certificate the chain, our own certificate first
 * @param key not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
