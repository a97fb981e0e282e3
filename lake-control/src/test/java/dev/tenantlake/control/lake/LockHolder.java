package dev.tenantlake.control.lake;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Holds a data directory, in a process of its own, until it is told to end. */
final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        Optional<DataDirectory.Lock> lock = new DataDirectory(Path.of(arguments[0])).tryLock();
        System.out.println(lock.isPresent() ? "held" : "refused");
        if (lock.isPresent()) {
            Runtime.getRuntime().addShutdownHook(new Thread(lock.get()::close));
            new CountDownLatch(1).await();
        }
    }
}
