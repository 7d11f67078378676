package io.j8s.apiserver.authentication.oidc;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import io.j8s.http.Pem;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads and checks one issuer of an AuthenticationConfiguration.
final class JwtIssuerReader {

    private static final Pattern EMAIL = Pattern.compile("\\bclaims\\s*\\.\\s*\\??\\s*email\\b");
    private static final Pattern EMAIL_VERIFIED = Pattern.compile("\\bclaims\\s*\\.\\s*\\??\\s*email_verified\\b");
    private static final Pattern EXTRA_KEY = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");
    private static final CelEnvironment OF_CLAIMS = CelEnvironment.of("claims");
    private static final CelEnvironment OF_USER = CelEnvironment.of("user");

    private final Document document;
    private final List<String> ownIssuers;
    private boolean emailUsed;
    private boolean emailVerifiedUsed;

    JwtIssuerReader(Document document, List<String> ownIssuers) {
        this.document = document;
        this.ownIssuers = ownIssuers;
    }

    JwtIssuer read() {
        Document issuer = document.object("issuer");
        String url = url(issuer, "url", true);
        String discovery = url(issuer, "discoveryURL", false);
        if (!discovery.isEmpty() && trimmed(url).equals(trimmed(discovery))) {
            throw issuer.wrong("discoveryURL", discovery, "different from URL");
        }
        List<String> audiences = audiences(issuer);
        List<X509Certificate> authorities = authorities(issuer);
        checkEgress(issuer);
        issuer.end();
        List<JwtIssuer.ClaimRule> claimRules = claimRules();
        Document mappings = document.object("claimMappings");
        Mapping name = prefixed(mappings.object("username"), true);
        Mapping groups = prefixed(mappings.object("groups"), false);
        Mapping uid = uid(mappings.object("uid"));
        Map<String, Mapping> extra = extra(mappings);
        if (emailUsed && !emailVerifiedUsed) {
            throw new ConfigurationException(mappings.path("username.expression") + ": Invalid value: claims.email_verified must be used in claimMappings.username.expression or "
                    + "claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression");
        }
        mappings.end();
        List<JwtIssuer.Rule> userRules = userRules();
        document.end();
        return new JwtIssuer(document.members(), url, discovery, authorities, audiences, JwtIssuer.ALGORITHMS, claimRules, name, groups, uid, extra, userRules);
    }

    private static String trimmed(String url) {
        return url.replaceAll("/+$", "");
    }

    private String url(Document from, String name, boolean needed) {
        String text = from.text(name);
        if (text.isEmpty()) {
            if (needed) {
                throw new ConfigurationException(from.path(name) + ": Required value: the https URL of the issuer");
            }
            return text;
        }
        if (needed && ownIssuers.contains(text)) {
            throw new ConfigurationException(from.path(name) + ": Invalid value: \"" + text + "\": URL must not overlap with disallowed issuers: " + ownIssuers);
        }
        try {
            URI uri = new URI(text);
            String wrong = !"https".equals(uri.getScheme()) ? "URL scheme must be https"
                    : uri.getUserInfo() != null ? "URL must not contain a username or password"
                    : uri.getQuery() != null ? "URL must not contain a query"
                    : uri.getFragment() != null ? "URL must not contain a fragment" : "";
            if (!wrong.isEmpty()) {
                throw new ConfigurationException(from.path(name) + ": Invalid value: \"" + text + "\": " + wrong);
            }
            return text;
        } catch (URISyntaxException e) {
            throw new ConfigurationException(from.path(name) + ": Invalid value: \"" + text + "\": " + e.getMessage(), e);
        }
    }

    private static List<String> audiences(Document issuer) {
        List<String> audiences = issuer.texts("audiences");
        String policy = issuer.text("audienceMatchPolicy");
        if (audiences.isEmpty()) {
            throw new ConfigurationException(issuer.path("audiences") + ": Required value: at least one " + issuer.path("audiences") + " is required");
        }
        if (new HashSet<>(audiences).size() < audiences.size()) {
            throw new ConfigurationException(issuer.path("audiences") + ": Duplicate value: " + audiences);
        }
        if (audiences.contains("")) {
            throw new ConfigurationException(issuer.path("audiences") + ": Required value: an audience may not be empty");
        }
        if (audiences.size() > 1 && !policy.equals("MatchAny")) {
            throw new ConfigurationException(issuer.path("audienceMatchPolicy") + ": Invalid value: \"" + policy + "\": audienceMatchPolicy must be MatchAny for multiple audiences");
        }
        if (!policy.isEmpty() && !policy.equals("MatchAny")) {
            throw new ConfigurationException(issuer.path("audienceMatchPolicy") + ": Invalid value: \"" + policy + "\": audienceMatchPolicy must be empty or MatchAny for single audience");
        }
        return audiences;
    }

    private static List<X509Certificate> authorities(Document issuer) {
        String pem = issuer.text("certificateAuthority");
        try {
            return pem.isEmpty() ? List.of() : Pem.certificates(pem);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(issuer.path("certificateAuthority") + ": Invalid value: \"<omitted>\": " + e.getMessage(), e);
        }
    }

    private static void checkEgress(Document issuer) {
        String egress = issuer.text("egressSelectorType");
        if (egress.isEmpty()) {
            return;
        }
        if (!egress.equals("controlplane") && !egress.equals("cluster")) {
            throw new ConfigurationException(issuer.path("egressSelectorType") + ": Invalid value: \"" + egress + "\": egress selector must be either controlplane or cluster");
        }
        throw new ConfigurationException(issuer.path("egressSelectorType") + ": oidc: egress lookup for \"" + egress
                + "\" is not configured: the server reaches issuers directly; leave the field out");
    }

    private List<JwtIssuer.ClaimRule> claimRules() {
        List<JwtIssuer.ClaimRule> rules = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Document rule : document.objects("claimValidationRules")) {
            String claim = rule.text("claim");
            String value = rule.text("requiredValue");
            String expression = rule.text("expression");
            String message = rule.text("message");
            rule.end();
            if (claim.isEmpty() == expression.isEmpty()) {
                throw new ConfigurationException(rule.path("") + (claim.isEmpty() ? ": Required value: claim or expression is required" : ": Invalid value: claim and expression can't both be set"));
            }
            if (!claim.isEmpty() && !message.isEmpty()) {
                throw new ConfigurationException(rule.path("message") + ": Invalid value: \"" + message + "\": may not be specified when claim is set");
            }
            if (!expression.isEmpty() && !value.isEmpty()) {
                throw new ConfigurationException(rule.path("requiredValue") + ": Invalid value: \"" + value + "\": may not be specified when expression is set");
            }
            if (!seen.add(claim.isEmpty() ? "= " + expression : claim)) {
                throw new ConfigurationException(rule.path(claim.isEmpty() ? "expression" : "claim") + ": Duplicate value: \"" + (claim.isEmpty() ? expression : claim) + "\"");
            }
            rules.add(new JwtIssuer.ClaimRule(claim, value, rule(rule, expression, message)));
        }
        return rules;
    }

    private JwtIssuer.@Nullable Rule rule(Document at, String expression, String message) {
        if (expression.isEmpty()) {
            return null;
        }
        emailVerifiedUsed |= EMAIL_VERIFIED.matcher(expression).find();
        return new JwtIssuer.Rule(compiled(OF_CLAIMS, at.path("expression"), expression, CelEnvironment.Result.BOOL), message);
    }

    private static CelExpression compiled(CelEnvironment environment, String path, String expression, CelEnvironment.Result result) {
        try {
            return environment.compile(expression, result);
        } catch (CelException e) {
            throw new ConfigurationException(path + ": Invalid value: \"" + expression + "\": " + e.why(), e);
        }
    }

    private Mapping prefixed(Document from, boolean isUserName) {
        String claim = from.text("claim");
        String expression = from.text("expression");
        String prefix = from.textOrNull("prefix");
        from.end();
        if (!claim.isEmpty() && !expression.isEmpty()) {
            throw new ConfigurationException(from.path("") + ": Invalid value: \"\": claim and expression can't both be set");
        }
        if (!expression.isEmpty()) {
            if (prefix != null) {
                throw new ConfigurationException(from.path("prefix") + ": Invalid value: \"" + prefix + "\": may not be specified when expression is set");
            }
            emailUsed |= isUserName && EMAIL.matcher(expression).find();
            emailVerifiedUsed |= isUserName && EMAIL_VERIFIED.matcher(expression).find();
            return new Mapping.Expression(compiled(OF_CLAIMS, from.path("expression"), expression, CelEnvironment.Result.ANY));
        }
        if (claim.isEmpty()) {
            if (isUserName) {
                throw new ConfigurationException(from.path("") + ": Required value: claim or expression is required");
            }
            return Mapping.NOTHING;
        }
        if (prefix == null) {
            throw new ConfigurationException(from.path("prefix") + ": Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing");
        }
        return new Mapping.Claim(claim, prefix);
    }

    private static Mapping uid(Document from) {
        String claim = from.text("claim");
        String expression = from.text("expression");
        from.end();
        if (!claim.isEmpty() && !expression.isEmpty()) {
            throw new ConfigurationException(from.path("") + ": Invalid value: \"\": claim and expression can't both be set");
        }
        return !claim.isEmpty() ? new Mapping.Claim(claim, "")
                : expression.isEmpty() ? Mapping.NOTHING
                : new Mapping.Expression(compiled(OF_CLAIMS, from.path("expression"), expression, CelEnvironment.Result.ANY));
    }

    private Map<String, Mapping> extra(Document mappings) {
        Map<String, Mapping> extra = new LinkedHashMap<>();
        for (Document one : mappings.objects("extra")) {
            String key = one.text("key");
            String expression = one.text("valueExpression");
            one.end();
            checkExtraKey(one.path("key"), key);
            if (expression.isEmpty()) {
                throw new ConfigurationException(one.path("valueExpression") + ": Required value: an expression for the values");
            }
            emailVerifiedUsed |= EMAIL_VERIFIED.matcher(expression).find();
            if (extra.put(key, new Mapping.Expression(compiled(OF_CLAIMS, one.path("valueExpression"), expression, CelEnvironment.Result.ANY))) != null) {
                throw new ConfigurationException(one.path("key") + ": Duplicate value: \"" + key + "\"");
            }
        }
        return extra;
    }

    private static void checkExtraKey(String path, String key) {
        String wrong = key.isEmpty() ? "Required value: a key such as example.org/foo"
                : !key.toLowerCase(Locale.ROOT).equals(key) ? "Invalid value: \"" + key + "\": must be lowercase"
                : !EXTRA_KEY.matcher(key).matches() ? "Invalid value: \"" + key + "\": must be a domain-prefixed path (such as \"acme.io/foo\")" : "";
        String domain = key.indexOf('/') < 0 ? "" : "." + key.substring(0, key.indexOf('/'));
        if (wrong.isEmpty() && (domain.endsWith(".k8s.io") || domain.endsWith(".kubernetes.io"))) {
            wrong = "Invalid value: \"" + key + "\": k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use";
        }
        if (!wrong.isEmpty()) {
            throw new ConfigurationException(path + ": " + wrong);
        }
    }

    private List<JwtIssuer.Rule> userRules() {
        List<JwtIssuer.Rule> rules = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Document one : document.objects("userValidationRules")) {
            String expression = one.text("expression");
            String message = one.text("message");
            one.end();
            if (expression.isEmpty()) {
                throw new ConfigurationException(one.path("expression") + ": Required value: an expression about the user");
            }
            if (!seen.add(expression)) {
                throw new ConfigurationException(one.path("expression") + ": Duplicate value: \"" + expression + "\"");
            }
            rules.add(new JwtIssuer.Rule(compiled(OF_USER, one.path("expression"), expression, CelEnvironment.Result.BOOL), message));
        }
        return rules;
    }
}
