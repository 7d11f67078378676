package io.j8s.controllers.job;

import io.j8s.client.loop.Ownership;
import io.j8s.controllers.pods.PodControl;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.EnvVarSource;
import io.j8s.model.core.v1.ObjectFieldSelector;
import io.j8s.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes pods from a job's template.
final class PodFactory {
    private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";
    private static final int LONGEST_PREFIX = 58;

    private PodFactory() {}

    static Pod plain(Job job) {
        Pod pod = PodControl.fromTemplate(job.spec().template(), Ownership.controllerReference(Job.RESOURCE, job.metadata()));
        List<String> finalizers = new ArrayList<>(pod.metadata().finalizers());
        if (!finalizers.contains(JobPods.FINALIZER)) {
            finalizers.add(JobPods.FINALIZER);
        }
        return pod.withMetadata(m -> m.withFinalizers(finalizers).withGenerateName(job.metadata().name() + "-"));
    }

    /// @param replaced the failed pod of this index that it replaces; null: none
    static Pod indexed(Job job, int index, @Nullable Pod replaced) {
        Map<String, String> annotations = new LinkedHashMap<>(job.spec().template().metadata().annotations());
        Map<String, String> labels = new LinkedHashMap<>(job.spec().template().metadata().labels());
        annotations.put(JobPods.INDEX, Integer.toString(index));
        labels.put(JobPods.INDEX, Integer.toString(index));
        if (JobPods.limitsPerIndex(job)) {
            countFailures(job, replaced, annotations);
        }
        String name = job.metadata().name();
        String suffix = "-" + index + "-";
        String prefix = (name.length() + suffix.length() > LONGEST_PREFIX ? name.substring(0, LONGEST_PREFIX - suffix.length()) : name) + suffix;
        return plain(job)
                .withMetadata(m -> m.withAnnotations(annotations).withLabels(labels).withGenerateName(prefix))
                .withSpec(s -> s.withHostname(name + "-" + index).withContainers(withIndex(s.containers())).withInitContainers(withIndex(s.initContainers())));
    }

    private static void countFailures(Job job, @Nullable Pod replaced, Map<String, String> annotations) {
        int counted = 0;
        int ignored = 0;
        if (replaced != null) {
            counted = JobPods.failures(replaced);
            ignored = JobPods.allFailures(replaced) - counted;
            if (FailurePolicy.of(job, replaced).counts()) {
                counted++;
            } else {
                ignored++;
            }
        }
        annotations.put(JobPods.FAILURES, Integer.toString(counted));
        if (ignored > 0) {
            annotations.put(JobPods.IGNORED_FAILURES, Integer.toString(ignored));
        }
    }

    private static List<Container> withIndex(List<Container> containers) {
        EnvVar variable = EnvVar.EMPTY
                .withName(INDEX_VARIABLE)
                .withValueFrom(EnvVarSource.EMPTY.withFieldRef(ObjectFieldSelector.EMPTY.withFieldPath("metadata.labels['" + JobPods.INDEX + "']")));
        List<Container> changed = new ArrayList<>();
        for (Container container : containers) {
            List<EnvVar> env = new ArrayList<>(container.env());
            if (env.stream().noneMatch(e -> e.name().equals(INDEX_VARIABLE))) {
                env.add(variable);
            }
            changed.add(container.withEnv(env));
        }
        return changed;
    }
}
