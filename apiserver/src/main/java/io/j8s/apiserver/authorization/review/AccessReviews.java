package io.j8s.apiserver.authorization.review;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.authorization.v1.LocalSubjectAccessReview;
import io.j8s.model.authorization.v1.NonResourceAttributes;
import io.j8s.model.authorization.v1.NonResourceRule;
import io.j8s.model.authorization.v1.ResourceAttributes;
import io.j8s.model.authorization.v1.ResourceRule;
import io.j8s.model.authorization.v1.SelfSubjectAccessReview;
import io.j8s.model.authorization.v1.SelfSubjectAccessReviewSpec;
import io.j8s.model.authorization.v1.SelfSubjectRulesReview;
import io.j8s.model.authorization.v1.SelfSubjectRulesReviewSpec;
import io.j8s.model.authorization.v1.SubjectAccessReview;
import io.j8s.model.authorization.v1.SubjectAccessReviewSpec;
import io.j8s.model.authorization.v1.SubjectAccessReviewStatus;
import io.j8s.model.authorization.v1.SubjectRulesReviewStatus;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;

/// `subjectaccessreviews`, `localsubjectaccessreviews`, `selfsubjectaccessreviews` and `selfsubjectrulesreviews`
public final class AccessReviews {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private final Authorizer authorizer;

    private AccessReviews(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    public static List<Resource<?>> resources(Authorizer authorizer) {
        AccessReviews reviews = new AccessReviews(authorizer);
        return List.of(
                Resource.of(LocalSubjectAccessReview.RESOURCE).answeredBy(reviews::local).build(),
                Resource.of(SelfSubjectAccessReview.RESOURCE).answeredBy(reviews::self).build(),
                Resource.of(SelfSubjectRulesReview.RESOURCE).answeredBy(reviews::rules).build(),
                Resource.of(SubjectAccessReview.RESOURCE).answeredBy(reviews::subject).build());
    }

    private Struct subject(ActionContext context, SubjectAccessReview sent) {
        FieldErrors errors = new FieldErrors();
        check(sent.spec(), errors);
        checkMetadata(sent.metadata(), errors);
        refuse(errors);
        return sent.withStatus(decide(user(sent.spec()), sent.spec().hasResourceAttributes(), sent.spec().resourceAttributes(), sent.spec().nonResourceAttributes()));
    }

    private Struct local(ActionContext context, LocalSubjectAccessReview sent) {
        FieldErrors errors = new FieldErrors();
        check(sent.spec(), errors);
        checkMetadata(sent.metadata().withoutNamespace(), errors);
        if (sent.spec().hasResourceAttributes() && !sent.spec().resourceAttributes().namespace().equals(context.namespace())) {
            errors.invalid(SPEC.child("resourceAttributes").child("namespace"), sent.spec().resourceAttributes().namespace(), "must match metadata.namespace");
        }
        if (sent.spec().hasNonResourceAttributes()) {
            errors.invalid(SPEC.child("nonResourceAttributes"), sent.spec().nonResourceAttributes(), "disallowed on this kind of request");
        }
        refuse(errors);
        return sent.withStatus(decide(user(sent.spec()), true, sent.spec().resourceAttributes(), sent.spec().nonResourceAttributes()));
    }

    private Struct self(ActionContext context, SelfSubjectAccessReview sent) {
        FieldErrors errors = new FieldErrors();
        SelfSubjectAccessReviewSpec spec = sent.spec();
        checkTarget(spec.hasResourceAttributes(), spec.hasNonResourceAttributes(), spec.nonResourceAttributes(), errors);
        SelectorRules.check(spec.resourceAttributes(), errors);
        checkMetadata(sent.metadata(), errors);
        refuse(errors);
        return sent.withStatus(decide(context.user(), spec.hasResourceAttributes(), spec.resourceAttributes(), spec.nonResourceAttributes()));
    }

    private Struct rules(ActionContext context, SelfSubjectRulesReview sent) {
        String namespace = sent.spec().namespace();
        if (namespace.isEmpty()) {
            throw Refusal.badRequest("no namespace on request");
        }
        Authorizer.Rules rules = authorizer.rulesFor(context.user(), namespace);
        return SelfSubjectRulesReview.EMPTY.withSpec(SelfSubjectRulesReviewSpec.EMPTY).withStatus(SubjectRulesReviewStatus.EMPTY
                .withResourceRules(rules.resourceRules().stream().map(AccessReviews::rule).toList())
                .withNonResourceRules(rules.pathRules().stream()
                        .map(rule -> NonResourceRule.EMPTY.withVerbs(rule.verbs()).withNonResourceURLs(rule.paths())).toList())
                .withIncomplete(rules.incomplete())
                .withEvaluationError(rules.error()));
    }

    private static ResourceRule rule(Authorizer.ResourceRule rule) {
        ResourceRule written = ResourceRule.EMPTY.withVerbs(rule.verbs()).withApiGroups(rule.groups()).withResources(rule.resources());
        return rule.names().isEmpty() ? written : written.withResourceNames(rule.names());
    }

    private static void check(SubjectAccessReviewSpec spec, FieldErrors errors) {
        checkTarget(spec.hasResourceAttributes(), spec.hasNonResourceAttributes(), spec.nonResourceAttributes(), errors);
        if (spec.user().isEmpty() && spec.groups().isEmpty()) {
            errors.invalid(SPEC.child("user"), "", "at least one of user or group must be specified");
        }
        SelectorRules.check(spec.resourceAttributes(), errors);
    }

    private static void checkTarget(boolean resource, boolean path, NonResourceAttributes attributes, FieldErrors errors) {
        if (resource && path) {
            errors.invalid(SPEC.child("nonResourceAttributes"), attributes, "cannot be specified in combination with resourceAttributes");
        } else if (!resource && !path) {
            errors.invalid(SPEC.child("resourceAttributes"), null, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
    }

    private static void checkMetadata(ObjectMeta meta, FieldErrors errors) {
        ObjectMeta bare = meta.withoutManagedFields();
        if (!bare.isEmpty()) {
            errors.invalid(FieldPath.of("metadata"), bare, "must be empty");
        }
    }

    private static void refuse(FieldErrors errors) {
        if (!errors.isEmpty()) {
            throw Refusal.invalid("authorization.k8s.io", "", "", errors.list());
        }
    }

    private static User user(SubjectAccessReviewSpec spec) {
        return new User(spec.user(), spec.uid(), spec.groups(), spec.extra());
    }

    private SubjectAccessReviewStatus decide(User user, boolean aboutResource, ResourceAttributes resource, NonResourceAttributes path) {
        Attributes attributes = aboutResource ? attributes(user, resource) : Attributes.ofPath(user, path.verb(), path.path());
        SubjectAccessReviewStatus status = switch (authorizer.authorize(attributes)) {
            case Decision.Allow(String reason) -> SubjectAccessReviewStatus.EMPTY.withAllowed(true).withReason(reason);
            case Decision.Deny(String reason) -> SubjectAccessReviewStatus.EMPTY.withAllowed(false).withDenied(true).withReason(reason);
            case Decision.NoOpinion(String reason) -> SubjectAccessReviewStatus.EMPTY.withAllowed(false).withReason(reason);
        };
        String problem = aboutResource ? SelectorRules.problem(resource) : "";
        return problem.isEmpty() ? status : status.withEvaluationError(problem);
    }

    private static Attributes attributes(User user, ResourceAttributes resource) {
        String version = resource.version().isEmpty() ? "*" : resource.version();
        return new Attributes(
                user, resource.verb(), resource.group(), version, resource.resource(), resource.subresource(), resource.namespace(), resource.name(), "",
                SelectorRules.fields(resource.fieldSelector()), SelectorRules.labels(resource.labelSelector()));
    }
}
