package io.j8s.controllers.serviceaccount;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokensControllerTest {

    @Test
    void secretsGetATokenThatTheKeyVerifiesAndGoWithTheirAccount() throws Exception {
        for (String algorithm : new String[] {"RSA", "EC"}) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
            KeyPair keys = generator.generateKeyPair();
            try (Simulation simulation = new Simulation(1)) {
                simulation.start(context -> new TokensController(context, new ServiceAccountSettings("PEM", new TokenSigner(keys.getPrivate(), keys.getPublic())), 5));
                ServiceAccount account = simulation.api.create(ServiceAccount.RESOURCE, "ns", ServiceAccount.EMPTY.withMetadata(named("robot")));
                simulation.api.create(Secret.RESOURCE, "ns", Secret.EMPTY.withMetadata(named("s").withAnnotations(Map.of("kubernetes.io/service-account.name", "robot"))).withType("kubernetes.io/service-account-token"));
                simulation.settle();
                Secret secret = simulation.api.get(Secret.RESOURCE, "ns", "s");
                assertThat(text(secret, "namespace")).isEqualTo("ns");
                assertThat(text(secret, "ca.crt")).isEqualTo("PEM");
                assertThat(secret.metadata().annotations()).containsEntry("kubernetes.io/service-account.uid", account.metadata().uid());
                String[] token = text(secret, "token").split("\\.");
                Signature verifier = Signature.getInstance(algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
                verifier.initVerify(keys.getPublic());
                verifier.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));
                assertThat(verifier.verify(Base64.getUrlDecoder().decode(token[2]))).isTrue();
                assertThat(new String(Base64.getUrlDecoder().decode(token[1]), StandardCharsets.UTF_8)).contains("\"sub\":\"system:serviceaccount:ns:robot\"");
                simulation.assertQuiet();
                simulation.api.delete(ServiceAccount.RESOURCE, "ns", "robot", DeleteOptions.DEFAULT);
                simulation.settle();
                assertThat(simulation.api.peek(Secret.RESOURCE, "ns")).isEmpty();
            }
        }
    }

    private static String text(Secret secret, String key) {
        return java.util.Objects.requireNonNull(secret.data().get(key), key).text();
    }
}
