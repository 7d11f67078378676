package io.j8s.scheduler.framework;

/// The extension points of the scheduling framework, in the order in which a pod comes by them.
public enum Point {
    PRE_ENQUEUE("preEnqueue"),
    QUEUE_SORT("queueSort"),
    PRE_FILTER("preFilter"),
    FILTER("filter"),
    POST_FILTER("postFilter"),
    PRE_SCORE("preScore"),
    SCORE("score"),
    RESERVE("reserve"),
    PERMIT("permit"),
    PRE_BIND("preBind"),
    BIND("bind"),
    POST_BIND("postBind"),
    PLACEMENT_GENERATE("placementGenerate"),
    PLACEMENT_SCORE("placementScore");

    private final String field;

    Point(String field) {
        this.field = field;
    }

    /// Its name in KubeSchedulerConfiguration, such as `preFilter`.
    public String field() {
        return field;
    }

    /// Its name in metrics and messages, such as `PreFilter`.
    public String title() {
        return Character.toUpperCase(field.charAt(0)) + field.substring(1);
    }
}
