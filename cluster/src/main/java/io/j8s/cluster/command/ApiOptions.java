package io.j8s.cluster.command;

import io.j8s.apiserver.OperatingSettings;
import io.j8s.apiserver.resources.Resources;
import io.j8s.apiserver.serve.FeatureGates;
import io.j8s.apiserver.serve.ServedApis;
import io.j8s.model.ApiResource;
import io.j8s.model.authentication.v1.TokenReview;
import io.j8s.model.authorization.v1.SubjectAccessReview;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/// Which part of the API kube-apiserver serves.
final class ApiOptions {
    private static final Logger LOG = LoggerFactory.getLogger(ApiOptions.class);

    @Option(names = "--runtime-config", paramLabel = "KEY=BOOLEAN", split = ",", description = "Which versions and resources are served: api/all, api/ga, api/beta, GROUP/VERSION, GROUP/VERSION/RESOURCE (default: all there are).")
    private List<String> runtimeConfig = new ArrayList<>();
    @Option(names = "--feature-gates", paramLabel = "NAME=BOOLEAN", split = ",", description = "Features of v1.36 to turn on or off.")
    private List<String> gates = new ArrayList<>();
    @Option(names = "--event-ttl", paramLabel = "DURATION", description = "How long events are kept (default: ${DEFAULT-VALUE}).", defaultValue = "1h0m0s", converter = GoDuration.class)
    private Duration eventLife = Duration.ofHours(1);

    Duration eventLife() {
        if (!eventLife.isPositive()) {
            throw new IllegalArgumentException("--event-ttl must be positive");
        }
        return eventLife;
    }

    OperatingSettings settings(OperatingSettings base) {
        FeatureGates chosen = FeatureGates.parse(gates);
        if (!chosen.withoutEffect().isEmpty()) {
            LOG.info("--feature-gates: {} have no effect here", String.join(", ", chosen.withoutEffect()));
        }
        return base.withServed(runtimeConfig.isEmpty() ? ServedApis.ALL : ServedApis.parse(runtimeConfig, builtIn())).withGates(chosen);
    }

    private static List<ApiResource<?>> builtIn() {
        List<ApiResource<?>> all = new ArrayList<>();
        Resources.all().forEach(resource -> resource.versions().forEach(version -> all.add(version.resource())));
        all.addAll(List.of(TokenReview.RESOURCE, SubjectAccessReview.RESOURCE)); // these answer from the guards
        return all;
    }
}
