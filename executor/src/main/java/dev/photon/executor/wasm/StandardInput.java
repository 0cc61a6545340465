package dev.photon.executor.wasm;

/** The request's body, read once from its beginning to its end. */
final class StandardInput implements Descriptor {
    private final byte[] body;
    private int position;

    StandardInput(byte[] body) {
        this.body = body;
    }

    @Override
    public Filestat stat() {
        return Filestat.STREAM;
    }

    @Override
    public long rights() {
        return Rights.READ;
    }

    @Override
    public long available() {
        return left();
    }

    private int left() {
        return body.length - position;
    }

    @Override
    public int read(LinearMemory memory, int address, int length) {
        var taken = (int) Math.min(Integer.toUnsignedLong(length), left());
        memory.write(address, body, position, taken);
        position += taken;
        return taken;
    }
}
