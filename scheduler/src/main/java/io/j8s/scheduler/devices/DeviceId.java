package io.j8s.scheduler.devices;

/// Names a device in the cluster.
record DeviceId(String driver, String pool, String device) {
    @Override
    public String toString() {
        return driver + "/" + pool + "/" + device;
    }
}
