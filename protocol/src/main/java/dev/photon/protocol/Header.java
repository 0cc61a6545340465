package dev.photon.protocol;

/**
 * One HTTP header field (RFC 9110, section 5). A name may stand several times in a list; order is kept.
 *
 * @param name lower case
 * @param value without line breaks
 */
public record Header(String name, String value) {}
