package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A key of the REST API, as every role knows it: without the secret, of which only the hash is kept. Secrets are random
 * and long, so that their hash needs no salt and no work factor. Immutable.
 *
 * @param id public, 1 to 64 letters and digits; stands in the key's text and in histories
 * @param label for people
 * @param roles at least one
 * @param hash SHA-256 of the key's whole text
 * @param createdAt milliseconds since 1970-01-01T00:00Z, by the registry's clock
 */
public record ApiKey(String id, String label, Set<KeyRole> roles, Digest hash, long createdAt) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,64}");

    public ApiKey {
        roles = Set.copyOf(roles);
        if (!ID.matcher(id).matches() || roles.isEmpty()) {
            throw new IllegalArgumentException("a key has an id of letters and digits, and a role");
        }
    }

    public boolean allows(KeyRole needed) {
        return roles.contains(needed) || roles.contains(KeyRole.ADMIN);
    }
}
