package io.j8s.controllers;

/// What controllers are told beside what the API holds: one component for each controller that has settings of its own.
public record Settings() {

    public static final Settings DEFAULT = new Settings();
}
