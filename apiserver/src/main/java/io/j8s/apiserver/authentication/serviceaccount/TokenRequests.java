package io.j8s.apiserver.authentication.serviceaccount;

import io.j8s.apiserver.authentication.token.SigningKey;
import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.authentication.v1.BoundObjectReference;
import io.j8s.model.authentication.v1.TokenRequest;
import io.j8s.model.authentication.v1.TokenRequestSpec;
import io.j8s.model.authentication.v1.TokenRequestStatus;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// `serviceaccounts/token`: makes tokens for a service account, bound to a pod, node or secret if that is asked for.
public final class TokenRequests {

    private static final long SHORTEST_SECONDS = 600;
    private static final long LONGEST_SECONDS = 1L << 32;
    private static final long DEFAULT_SECONDS = 3600;
    /// What kubelets ask for: tokens that live a year for old clients' sake, and are told apart from those that nobody renews after this time.
    private static final long WARN_AFTER_SECONDS = 3607;
    private static final long EXTENDED_SECONDS = 365L * 24 * 3600;

    private final ServiceAccountKeys keys;
    private final SigningKey signing;
    private final RandomGenerator random;

    private TokenRequests(ServiceAccountKeys keys, SigningKey signing, RandomGenerator random) {
        this.keys = keys;
        this.signing = signing;
        this.random = random;
    }

    /// The subresource, for a server that has a signing key.
    ///
    /// @param random for the identifiers of tokens
    public static Subresource<ServiceAccount> subresource(ServiceAccountKeys keys, SigningKey signing, RandomGenerator random) {
        TokenRequests requests = new TokenRequests(keys, signing, random);
        return new Subresource.Action<>("token", "authentication.k8s.io", "v1", "TokenRequest", TokenRequest.TYPE, TokenRequests::defaults, requests::issue);
    }

    private static TokenRequest defaults(TokenRequest sent) {
        return sent.spec().hasExpirationSeconds() ? sent : sent.withSpec(spec -> spec.withExpirationSeconds(DEFAULT_SECONDS));
    }

    private Struct issue(ActionContext context, TokenRequest sent) {
        checkPlace(context, sent);
        ServiceAccount account = context.require(ServiceAccount.RESOURCE, context.namespace(), context.name());
        if (!sent.metadata().uid().isEmpty() && !sent.metadata().uid().equals(account.metadata().uid())) {
            throw Refusal.conflict("authentication.k8s.io", "TokenRequest", context.name(),
                    "the UID in the token request (" + sent.metadata().uid() + ") is not that of the service account (" + account.metadata().uid() + ")");
        }
        TokenRequestSpec spec = withDefaults(sent.spec());
        check(spec);
        Map<String, Object> own = boundTo(context, account, spec);
        return answer(context, account, sent, spec, own);
    }

    private static void checkPlace(ActionContext context, TokenRequest sent) {
        FieldErrors errors = new FieldErrors();
        FieldPath meta = FieldPath.of("metadata");
        if (!sent.metadata().name().isEmpty() && !sent.metadata().name().equals(context.name())) {
            errors.invalid(meta.child("name"), sent.metadata().name(), "must be the name of the service account, if it is given");
        } else if (!sent.metadata().namespace().isEmpty() && !sent.metadata().namespace().equals(context.namespace())) {
            errors.invalid(meta.child("namespace"), sent.metadata().namespace(), "must be the namespace of the service account, if it is given");
        }
        if (!errors.isEmpty()) {
            throw Refusal.invalid("authentication.k8s.io", "TokenRequest", context.name(), errors.list());
        }
    }

    private TokenRequestSpec withDefaults(TokenRequestSpec sent) {
        TokenRequestSpec spec = sent.hasExpirationSeconds() ? sent : sent.withExpirationSeconds(DEFAULT_SECONDS);
        return spec.audiences().isEmpty() ? spec.withAudiences(keys.audiences()) : spec;
    }

    private static void check(TokenRequestSpec spec) {
        FieldErrors errors = new FieldErrors();
        FieldPath path = FieldPath.of("spec").child("expirationSeconds");
        if (spec.expirationSeconds() < SHORTEST_SECONDS) {
            errors.invalid(path, spec.expirationSeconds(), "may not specify a duration less than 10 minutes");
        }
        if (spec.expirationSeconds() > LONGEST_SECONDS) {
            errors.invalid(path, spec.expirationSeconds(), "may not specify a duration larger than 2^32 seconds");
        }
        if (!errors.isEmpty()) {
            throw Refusal.invalid("authentication.k8s.io", "TokenRequest", "", errors.list());
        }
    }

    /// The claim `kubernetes.io`.
    private static Map<String, Object> boundTo(ActionContext context, ServiceAccount account, TokenRequestSpec spec) {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("namespace", account.metadata().namespace());
        if (spec.hasBoundObjectRef()) {
            BoundObjectReference reference = spec.boundObjectRef();
            switch (reference.apiVersion().contains("/") ? reference.apiVersion() : reference.kind()) {
                case "Pod" -> ofPod(context, reference, own);
                case "Node" -> own.put("node", reference(checkUid("Node", context.require(Node.RESOURCE, "", reference.name()), reference)));
                case "Secret" ->
                        own.put("secret", reference(checkUid("Secret", context.require(Secret.RESOURCE, context.namespace(), reference.name()), reference)));
                default -> throw Refusal.badRequest("cannot bind token to object of type "
                        + (reference.apiVersion().contains("/") ? reference.apiVersion() : "/" + reference.apiVersion()) + ", Kind=" + reference.kind());
            }
        }
        own.put("serviceaccount", reference(account.metadata()));
        return own;
    }

    private static void ofPod(ActionContext context, BoundObjectReference reference, Map<String, Object> own) {
        Pod pod = context.require(Pod.RESOURCE, context.namespace(), reference.name());
        if (!pod.spec().serviceAccountName().equals(context.name())) {
            throw Refusal.badRequest("cannot bind token for serviceaccount \"" + context.name() + "\" to pod running with different serviceaccount name.");
        }
        if (!pod.spec().nodeName().isEmpty()) {
            Node node = context.state().get(Node.RESOURCE, "", pod.spec().nodeName());
            own.put("node", reference(node == null ? ObjectMeta.EMPTY.withName(pod.spec().nodeName()) : node.metadata()));
        }
        own.put("pod", reference(checkUid("Pod", pod, reference)));
    }

    private static ObjectMeta checkUid(String plural, Struct object, BoundObjectReference reference) {
        ObjectMeta meta = Objects.metadata(object);
        if (!reference.uid().isEmpty() && !reference.uid().equals(meta.uid())) {
            throw Refusal.conflict("", plural, reference.name(), "the UID in the bound object reference (" + reference.uid()
                    + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        return meta;
    }

    private static Map<String, Object> reference(ObjectMeta meta) {
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("name", meta.name());
        if (!meta.uid().isEmpty()) {
            reference.put("uid", meta.uid());
        }
        return reference;
    }

    private Struct answer(ActionContext context, ServiceAccount account, TokenRequest sent, TokenRequestSpec spec, Map<String, Object> own) {
        long seconds = spec.expirationSeconds();
        long longest = keys.longest().toSeconds();
        if (longest > 0 && seconds > longest) {
            seconds = longest;
        }
        Instant now = context.now();
        Instant told = now.plusSeconds(seconds);
        if (keys.extend() && spec.hasBoundObjectRef() && spec.boundObjectRef().kind().equals("Pod")
                && spec.expirationSeconds() == WARN_AFTER_SECONDS && spec.audiences().equals(keys.audiences())) {
            own.put("warnafter", now.getEpochSecond() + WARN_AFTER_SECONDS);
            seconds = longest > 0 ? Math.min(longest, EXTENDED_SECONDS) : EXTENDED_SECONDS;
        }
        Map<String, Object> claims = claims(account, spec.audiences(), now, seconds, own);
        String token = signing.sign(claims);
        context.annotate("authentication.kubernetes.io/issued-credential-id", "JTI=" + claims.get("jti"));
        ObjectMeta meta = sent.metadata().withName(account.metadata().name()).withNamespace(account.metadata().namespace())
                .withUid(account.metadata().uid()).withCreationTimestamp(now);
        return Objects.typed(TokenRequest.EMPTY
                .withMetadata(meta)
                .withSpec(spec.withExpirationSeconds(longest > 0 ? Math.min(longest, spec.expirationSeconds()) : spec.expirationSeconds()))
                .withStatus(TokenRequestStatus.EMPTY.withToken(token).withExpirationTimestamp(told)));
    }

    private Map<String, Object> claims(ServiceAccount account, List<String> audiences, Instant now, long seconds, Map<String, Object> own) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", audiences);
        claims.put("exp", now.getEpochSecond() + seconds);
        claims.put("iat", now.getEpochSecond());
        claims.put("iss", keys.issuer());
        claims.put("jti", new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L).toString());
        claims.put("kubernetes.io", own);
        claims.put("nbf", now.getEpochSecond());
        claims.put("sub", ServiceAccountTokens.PREFIX + account.metadata().namespace() + ":" + account.metadata().name());
        return claims;
    }
}
