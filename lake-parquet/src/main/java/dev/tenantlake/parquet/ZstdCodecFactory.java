package dev.tenantlake.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory.BytesCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Zstandard for Parquet, straight onto zstd-jni: Parquet's own factory needs Hadoop's runtime. Level 1 takes about the
 * processor time of Snappy and little more than half the space.
 */
public final class ZstdCodecFactory implements CompressionCodecFactory {

    /** The quickest level. */
    public static final int QUICKEST = 1;

    private final int level;
    private final List<BytesCompressor> compressors = new ArrayList<>();

    /** Compresses at the quickest level. */
    public ZstdCodecFactory() {
        this(QUICKEST);
    }

    /** @param level Zstandard's, from 1 to 22 */
    public ZstdCodecFactory(int level) {
        this.level = level;
    }

    @Override
    public BytesCompressor getCompressor(CompressionCodecName codec) {
        requireZstd(codec);
        ZstdCompressor compressor = new ZstdCompressor(level);
        compressors.add(compressor);
        return compressor;
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
        compressors.forEach(BytesCompressor::release);
        compressors.clear();
    }

    private static byte[] array(BytesInput bytes) throws IOException {
        ByteArrayOutputStream array = new ByteArrayOutputStream((int) bytes.size());
        bytes.writeAllTo(array);
        return array.toByteArray();
    }

    /** Compresses in one context, which takes a page's time to set up; what it gives is good until the next call. */
    private static final class ZstdCompressor extends BytesCompressor {

        private final ZstdCompressCtx context;
        private byte[] compressed = {};

        ZstdCompressor(int level) {
            this.context = new ZstdCompressCtx().setLevel(level);
        }

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            ByteBuffer plain = bytes.toByteBuffer();
            byte[] array = plain.hasArray() ? plain.array() : array(bytes);
            int offset = plain.hasArray() ? plain.arrayOffset() + plain.position() : 0;
            int bound = Math.toIntExact(Zstd.compressBound(plain.remaining()));
            if (compressed.length < bound) {
                compressed = new byte[bound];
            }
            int size = context.compressByteArray(compressed, 0, compressed.length, array, offset, plain.remaining());
            return BytesInput.from(compressed, 0, size);
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {
            context.close();
        }
    }

    private static void requireZstd(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("files are compressed with ZSTD here, not with " + codec);
        }
    }
}
