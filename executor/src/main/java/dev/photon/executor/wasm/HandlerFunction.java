package dev.photon.executor.wasm;

import dev.photon.registry.HostInterface;

/**
 * The functions of the http-wasm handler ABI (http-wasm.io, "http-handler"). A call that it forbids ends the run with
 * the function's name and the reason. Header kinds are 0 and 1 for the request's and the response's header, 2 and 3 for
 * their trailers, which are not supported; body kinds are 0 and 1.
 */
@SuppressWarnings("ImmutableEnumChecker") // A lambda without state does not change.
enum HandlerFunction implements HostCall {
    ENABLE_FEATURES((guest, memory, a) -> guest.enable((int) a[0])),
    GET_CONFIG((guest, memory, a) ->
            GuestText.write(memory, (int) a[0], (int) a[1], guest.run().config())),
    LOG((guest, memory, a) -> {
        if (isLevel((int) a[0])) {
            guest.run().log(GuestLevel.of((int) a[0]), memory, (int) a[1], (int) a[2]);
        }
        return 0;
    }),
    LOG_ENABLED((guest, memory, a) -> isLevel((int) a[0]) && guest.run().logs(GuestLevel.of((int) a[0])) ? 1 : 0),
    GET_METHOD((guest, memory, a) ->
            GuestText.write(memory, (int) a[0], (int) a[1], guest.exchange().method())),
    SET_METHOD((guest, memory, a) -> {
        guest.exchange().method(GuestText.read(memory, (int) a[0], (int) a[1]));
        return 0;
    }),
    GET_URI((guest, memory, a) ->
            GuestText.write(memory, (int) a[0], (int) a[1], guest.exchange().uri())),
    SET_URI((guest, memory, a) -> {
        guest.exchange().uri(GuestText.read(memory, (int) a[0], (int) a[1]));
        return 0;
    }),
    /** What the ingress speaks to its client is not told to functions; commands hear the same. */
    GET_PROTOCOL_VERSION((guest, memory, a) -> GuestText.write(memory, (int) a[0], (int) a[1], "HTTP/1.1")),
    GET_HEADER_NAMES((guest, memory, a) -> GuestText.write(
            memory, (int) a[1], (int) a[2], guest.exchange().fields((int) a[0]).names())),
    GET_HEADER_VALUES((guest, memory, a) -> GuestText.write(
            memory, (int) a[3], (int) a[4], guest.exchange().fields((int) a[0]).values(name(memory, (int) a[1], (int)
                    a[2])))),
    ADD_HEADER_VALUE((guest, memory, a) -> {
        var name = name(memory, (int) a[1], (int) a[2]);
        guest.exchange().changeableFields((int) a[0]).add(name, GuestText.read(memory, (int) a[3], (int) a[4]));
        return 0;
    }),
    SET_HEADER_VALUE((guest, memory, a) -> {
        var name = name(memory, (int) a[1], (int) a[2]);
        guest.exchange().changeableFields((int) a[0]).set(name, GuestText.read(memory, (int) a[3], (int) a[4]));
        return 0;
    }),
    REMOVE_HEADER((guest, memory, a) -> {
        guest.exchange().changeableFields((int) a[0]).remove(name(memory, (int) a[1], (int) a[2]));
        return 0;
    }),
    READ_BODY((guest, memory, a) -> guest.exchange().readableBody((int) a[0]).read(memory, (int) a[1], (int) a[2])),
    WRITE_BODY((guest, memory, a) -> {
        guest.exchange().write((int) a[0], memory, (int) a[1], (int) a[2]);
        return 0;
    }),
    GET_STATUS_CODE((guest, memory, a) -> guest.exchange().status()),
    SET_STATUS_CODE((guest, memory, a) -> {
        guest.exchange().status((int) a[0]);
        return 0;
    }),
    /** Empty: invocations do not carry it. */
    GET_SOURCE_ADDR((guest, memory, a) -> {
        guest.exchange();
        return 0;
    });

    private final Body body;

    HandlerFunction(Body body) {
        this.body = body;
    }

    private interface Body {
        long call(Guest guest, LinearMemory memory, long[] arguments);
    }

    /** 3 is the level of those that log nothing. */
    private static boolean isLevel(int number) {
        return number < 3;
    }

    private static String name(LinearMemory memory, int address, int length) {
        if (length == 0) {
            throw new BadCall("the name is empty");
        }
        return GuestText.read(memory, address, length);
    }

    @Override
    public HostInterface from() {
        return HostInterface.HTTP_HANDLER;
    }

    @Override
    public long call(Guest guest, LinearMemory memory, long[] arguments) {
        try {
            return body.call(guest, memory, arguments);
        } catch (BadCall e) {
            throw e.in(importName());
        } catch (IndexOutOfBoundsException e) {
            throw new BadCall(importName() + ": out of bounds memory access");
        }
    }
}
