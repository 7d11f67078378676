package io.j8s.controllers.frame;

/// The bounds of histograms' buckets.
public final class Buckets {
    private Buckets() {}

    /// So many, each that many times the one before.
    public static double[] exponential(double first, double factor, int count) {
        double[] bounds = new double[count];
        double next = first;
        for (int i = 0; i < count; i++) {
            bounds[i] = next;
            next *= factor;
        }
        return bounds;
    }
}
