package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Arguments or environment variables in the form in which WASI hands them over: pointers, and texts that end in NUL. */
final class StringTable {
    private final List<byte[]> texts;

    StringTable(List<String> texts) {
        this.texts = texts.stream().map(text -> text.getBytes(UTF_8)).toList();
    }

    int sizes(LinearMemory memory, int countAddress, int bytesAddress) {
        memory.writeI32(countAddress, texts.size());
        memory.writeI32(
                bytesAddress, texts.stream().mapToInt(text -> text.length + 1).sum());
        return Errno.SUCCESS;
    }

    int write(LinearMemory memory, int pointersAddress, int textsAddress) {
        var pointer = pointersAddress;
        var at = textsAddress;
        for (var text : texts) {
            memory.writeI32(pointer, at);
            memory.write(at, text);
            memory.writeByte(at + text.length, (byte) 0);
            pointer += Integer.BYTES;
            at += text.length + 1;
        }
        return Errno.SUCCESS;
    }
}
