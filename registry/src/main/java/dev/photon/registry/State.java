package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;

/**
 * What a key of {@code photon.functions} stands for from one record on. That something is deleted is a state like the
 * others, so that a reader that comes later learns of it.
 */
sealed interface State {
    String VERSION = "version";
    String ALIAS = "alias";
    String HISTORY = "history";
    String API_KEY = "key";
    String CONDEMNED = "condemned";
    String SECRET = "secret";
    String PLACED = "placed";
    String CHECKPOINT = "checkpoint";
    String TRIGGER = "trigger";
    String REGION = "region";
    String ENTRY = "entry";

    /** The record's key. */
    String key();

    /** Whether other regions take it over; where not, it is about its own region alone. Its key tells. */
    default boolean isForAll() {
        return StateKeys.isForAll(key().getBytes(UTF_8));
    }

    record Version(Manifest manifest) implements State {
        @Override
        public String key() {
            return String.join("/", VERSION, manifest.name(), manifest.version());
        }
    }

    record NoVersion(String function, String version) implements State {
        @Override
        public String key() {
            return String.join("/", VERSION, function, version);
        }
    }

    record Aliased(Alias alias) implements State {
        @Override
        public String key() {
            return String.join("/", ALIAS, alias.function(), alias.name());
        }
    }

    record NoAlias(String function, String alias) implements State {
        @Override
        public String key() {
            return String.join("/", ALIAS, function, alias);
        }
    }

    record Key(ApiKey apiKey) implements State {
        @Override
        public String key() {
            return String.join("/", API_KEY, apiKey.id());
        }
    }

    record NoKey(String id) implements State {
        @Override
        public String key() {
            return String.join("/", API_KEY, id);
        }
    }

    record Past(History history) implements State {
        @Override
        public String key() {
            return String.join("/", HISTORY, history.function());
        }
    }

    /** No version names the artifact, and it is removed unless one does within a day. */
    record Condemnation(Condemned artifact) implements State {
        @Override
        public String key() {
            return String.join("/", CONDEMNED, artifact.digest().toString());
        }
    }

    /** A version names the artifact, or it was removed. */
    record NoCondemnation(Digest digest) implements State {
        @Override
        public String key() {
            return String.join("/", CONDEMNED, digest.toString());
        }
    }

    /** Content that was deployed in another region lies here, too. */
    record Placed(Artifact artifact) implements State {
        @Override
        public String key() {
            return String.join("/", PLACED, artifact.digest().toString());
        }
    }

    record NoPlaced(Digest digest) implements State {
        @Override
        public String key() {
            return String.join("/", PLACED, digest.toString());
        }
    }

    /** Where the region reads a topic for a function. */
    record Triggered(TriggerPosition position) implements State {
        @Override
        public String key() {
            return String.join("/", TRIGGER, position.function(), position.topic());
        }
    }

    record NoTrigger(String function, String topic) implements State {
        @Override
        public String key() {
            return String.join("/", TRIGGER, function, topic);
        }
    }

    /** Publishers call functions of the region through a topic. */
    record Entry(EntryTopic topic) implements State {
        @Override
        public String key() {
            return String.join("/", ENTRY, topic.name());
        }
    }

    record NoEntry(String name) implements State {
        @Override
        public String key() {
            return String.join("/", ENTRY, name);
        }
    }

    /** Whether a region takes new calls: any region may say so of any other. */
    record Wished(RegionState region) implements State {
        @Override
        public String key() {
            return String.join("/", REGION, region.region());
        }
    }

    /** Of a copy alone. */
    record Copied(Checkpoint checkpoint) implements State {
        @Override
        public String key() {
            return CHECKPOINT;
        }
    }

    /** What a record without a value says: that there is nothing of the key in this log. */
    record Erased(String key) implements State {}

    record Sealed(Secret secret) implements State {
        @Override
        public String key() {
            return String.join("/", SECRET, secret.name());
        }
    }

    record NoSecret(String name) implements State {
        @Override
        public String key() {
            return String.join("/", SECRET, name);
        }
    }
}
