package io.j8s.cluster.server;

import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.authentication.User;
import io.j8s.http.Exchange;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Tells users by the certificates of trusted authorities and by known bearer tokens; whoever shows neither is anonymous.
///
/// @param authorities whose clients are trusted
/// @param tokens users by their bearer tokens
record Access(List<X509Certificate> authorities, Map<String, User> tokens, InstantSource clock) implements Authenticator {
    Access {
        authorities = List.copyOf(authorities);
        tokens = Map.copyOf(tokens);
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        if (!exchange.peerCertificates().isEmpty()) {
            return byCertificate(exchange.peerCertificates().getFirst());
        }
        String header = exchange.headers().getOr("authorization", "");
        if (!header.startsWith("Bearer ")) {
            return new Authentication.Known(User.ANONYMOUS);
        }
        User user = tokens.get(header.substring("Bearer ".length()).strip());
        return user == null ? new Authentication.Failed("the bearer token is not known") : new Authentication.Known(user);
    }

    private Authentication byCertificate(X509Certificate leaf) {
        for (X509Certificate authority : authorities) {
            try {
                leaf.verify(authority.getPublicKey());
                leaf.checkValidity(Date.from(clock.instant()));
                return new Authentication.Known(user(leaf));
            } catch (GeneralSecurityException | InvalidNameException e) {
                continue; // of another authority
            }
        }
        return new Authentication.Failed("the client certificate is of no trusted authority, or not valid now");
    }

    private static User user(X509Certificate leaf) throws InvalidNameException {
        String name = "";
        List<String> groups = new ArrayList<>();
        for (Rdn part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
            switch (part.getType()) {
                case "CN" -> name = part.getValue().toString();
                case "O" -> groups.add(part.getValue().toString());
                default -> { } // says nothing of the user
            }
        }
        groups.add(User.AUTHENTICATED);
        return User.of(name, groups.toArray(String[]::new));
    }
}
