package dev.photon.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;

/** What a Kafka client asks at each authentication; made by Kafka, from the client's settings. */
public final class KafkaLoginCallbacks implements AuthenticateCallbackHandler {
    private KafkaLogin login;

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> entries) {
        login = (KafkaLogin) settings.get(KafkaLogin.SETTING);
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (var callback : callbacks) {
            switch (callback) {
                case NameCallback name -> name.setName(login.user());
                case PasswordCallback password ->
                    password.setPassword(password().toCharArray());
                // SCRAM asks for extensions, too, and does without.
                default -> throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private String password() throws IOException {
        try {
            return login.password();
        } catch (UnfitFile e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {}
}
