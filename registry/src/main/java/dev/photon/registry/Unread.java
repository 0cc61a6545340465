package dev.photon.registry;

import dev.photon.protocol.ErrorKind;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Why brokers do not tell of something, in words for whoever asked for it. */
final class Unread {
    private static final String ASK = ": whoever runs the region must allow it";
    private static final String LATER = " now: try again later";

    private Unread() {}

    static Refused topic(String topic, KafkaException failure) {
        return failure instanceof AuthorizationException
                ? new Refused("the registry may not Describe the topic '" + topic + "'" + ASK)
                : new Refused(ErrorKind.UNAVAILABLE, "the topic '" + topic + "' cannot be read" + LATER);
    }

    static Refused group(String group, KafkaException failure) {
        return failure instanceof AuthorizationException
                ? new Refused("the registry may not Describe the group '" + group + "'" + ASK)
                : new Refused(ErrorKind.UNAVAILABLE, "how far '" + group + "' is cannot be read" + LATER);
    }

    static Refused groups() {
        return new Refused(ErrorKind.UNAVAILABLE, "the groups of triggers cannot be listed" + LATER);
    }
}
