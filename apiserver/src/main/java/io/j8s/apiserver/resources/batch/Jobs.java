package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.batch.v1.Job;

/// `jobs.batch`
final class Jobs {

    private Jobs() {}

    static Resource<Job> resource() {
        return Resource.of(Job.RESOURCE)
                .categories("all")
                .orphansByDefault()
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
