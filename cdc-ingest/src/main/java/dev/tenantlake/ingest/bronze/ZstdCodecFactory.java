package dev.tenantlake.ingest.bronze;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Zstandard at level 1 for Parquet, straight onto zstd-jni: Parquet's own factory needs Hadoop's runtime. Level 1 takes
 * about the processor time of Snappy and little more than half the space.
 */
public final class ZstdCodecFactory implements CompressionCodecFactory {

    private static final int LEVEL = 1;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        requireZstd(codec);
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput bytes) throws IOException {
                return BytesInput.from(Zstd.compress(array(bytes), LEVEL));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return CompressionCodecName.ZSTD;
            }

            @Override
            public void release() {
                // Nothing is held between calls.
            }
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        requireZstd(codec);
        return new BytesInputDecompressor() {
            @Override
            public BytesInput decompress(BytesInput bytes, int decompressedSize) throws IOException {
                return BytesInput.from(Zstd.decompress(array(bytes), decompressedSize));
            }

            @Override
            public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int decompressedSize) {
                byte[] compressed = new byte[compressedSize];
                input.get(compressed);
                output.put(Zstd.decompress(compressed, decompressedSize));
            }

            @Override
            public void release() {
                // Nothing is held between calls.
            }
        };
    }

    @Override
    public void release() {
        // Nothing is held between calls.
    }

    private static byte[] array(BytesInput bytes) throws IOException {
        ByteArrayOutputStream array = new ByteArrayOutputStream((int) bytes.size());
        bytes.writeAllTo(array);
        return array.toByteArray();
    }

    private static void requireZstd(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("bronze files are compressed with ZSTD, not with " + codec);
        }
    }
}
