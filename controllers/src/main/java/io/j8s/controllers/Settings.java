package io.j8s.controllers;

import io.j8s.controllers.serviceaccount.ServiceAccountSettings;

/// What controllers are told beside what the API holds: one component for each controller that has settings of its own.
public record Settings(ServiceAccountSettings serviceAccounts) {

    public static final Settings DEFAULT = new Settings(ServiceAccountSettings.DEFAULT);
}
