package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** A function that is deployed as source in JavaScript. Whether it parses is seen when it is loaded. */
public final class Script {
    /** What {@code lang} of its {@code photoniq.toml} says. */
    public static final String LANG = "js";

    public static final int MAX_BYTES = 4 << 20;

    private static final ByteBuffer MODULE =
            ByteBuffer.wrap(new byte[] {0, 'a', 's', 'm'}).asReadOnlyBuffer();

    private Script() {}

    /** Whether what is between the buffer's position and limit is a source and no WebAssembly module. */
    public static boolean is(ByteBuffer artifact, String lang) {
        var same = artifact.mismatch(MODULE);
        return lang.equals(LANG) && same >= 0 && same < MODULE.limit();
    }

    /**
     * @param source between the buffer's position and limit
     * @throws InvalidModule when it cannot be a source
     */
    static void check(ByteBuffer source) throws InvalidModule {
        if (source.remaining() > MAX_BYTES) {
            throw new InvalidModule("a script has at most " + MAX_BYTES + " bytes");
        }
        try {
            var text = UTF_8.newDecoder().decode(source.duplicate()).toString();
            if (text.isBlank() || text.indexOf('\0') >= 0) {
                throw new InvalidModule("the script is empty or contains a zero character");
            }
        } catch (CharacterCodingException e) {
            throw new InvalidModule("the script is not in UTF-8", e);
        }
    }
}
