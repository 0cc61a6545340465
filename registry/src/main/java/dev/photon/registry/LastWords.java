package dev.photon.registry;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What any region said last of each thing, by its id. One thread writes; any reads. */
final class LastWords<T> {
    private final Map<String, Register<T>> said = new HashMap<>();
    private final Map<String, T> last = new ConcurrentHashMap<>();

    void say(String origin, String id, Register.Entry<T> entry) {
        change(id, register(id).with(origin, entry));
    }

    /** As if the region had never said a word of it. */
    void erase(String origin, String id) {
        change(id, register(id).without(origin));
    }

    private Register<T> register(String id) {
        return said.getOrDefault(id, Register.none());
    }

    private void change(String id, Register<T> register) {
        said.put(id, register);
        register.last().ifPresentOrElse(word -> last.put(id, word.value()), () -> last.remove(id));
    }

    /** A live view, without what was deleted. */
    Map<String, T> all() {
        return Collections.unmodifiableMap(last);
    }
}
