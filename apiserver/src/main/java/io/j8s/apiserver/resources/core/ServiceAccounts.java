package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.ServiceAccount;

/// `serviceaccounts`
final class ServiceAccounts {

    private ServiceAccounts() {}

    static Resource<ServiceAccount> resource() {
        return Resource.of(ServiceAccount.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("sa")
                .nameColumn()
                .ageColumn()
                .build();
    }
}
