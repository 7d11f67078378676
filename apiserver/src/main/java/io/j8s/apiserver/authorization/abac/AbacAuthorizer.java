package io.j8s.apiserver.authorization.abac;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Allows what one of its policies allows, and never denies. The file is read once, as upstream does.
public final class AbacAuthorizer implements Authorizer {

    private static final Decision ALLOW = new Decision.Allow("");
    private static final Decision NO_OPINION = new Decision.NoOpinion("No policy matched.");

    private final List<AbacPolicy> policies;

    private AbacAuthorizer(List<AbacPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    /// Reads `--authorization-policy-file`: a JSON object in each line; empty lines and those that begin with `#` are left out.
    ///
    /// @throws ConfigurationException naming the line that is wrong
    public static AbacAuthorizer read(Path file) {
        List<AbacPolicy> policies = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank() && !line.strip().startsWith("#")) {
                    policies.add(policy(file, number, line));
                }
            }
        } catch (IOException e) {
            throw new ConfigurationException("--authorization-policy-file: " + file + " cannot be read: " + e, e);
        }
        return new AbacAuthorizer(policies);
    }

    private static AbacPolicy policy(Path file, int number, String line) {
        try {
            return AbacPolicy.of(Document.ofAny(line.getBytes(StandardCharsets.UTF_8)));
        } catch (ConfigurationException e) {
            throw new ConfigurationException("error reading policy file " + file + ", line " + number + ": " + line + ": " + e.why(), e);
        }
    }

    @Override
    public Decision authorize(Attributes attributes) {
        for (AbacPolicy policy : policies) {
            if (policy.allows(attributes)) {
                return ALLOW;
            }
        }
        return NO_OPINION;
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        List<ResourceRule> resources = new ArrayList<>();
        List<PathRule> paths = new ArrayList<>();
        for (AbacPolicy policy : policies) {
            if (policy.isFor(user) && policy.inNamespace(namespace)) {
                List<String> verbs = policy.readOnly() ? List.of("get", "list", "watch") : List.of("*");
                if (!policy.resource().isEmpty()) {
                    resources.add(new ResourceRule(verbs, List.of(policy.apiGroup()), List.of(policy.resource()), List.of()));
                }
                if (!policy.path().isEmpty()) {
                    paths.add(new PathRule(verbs, List.of(policy.path())));
                }
            }
        }
        return new Rules(resources, paths, false, "");
    }
}
