using System.Buffers;

namespace FlowEngine.Json;

/// <summary>Stateless: lends each thread one buffer to write JSON into, so that
/// a text does not cost the memory of every size it grew through.</summary>
internal static class JsonBuffer
{
    private const int FirstSize = 4 * 1024;

    /// <summary>A larger buffer is not kept.</summary>
    private const int LargestSize = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>Takes the buffer, empty. Whoever takes one while it is taken gets another.</summary>
    public static ArrayBufferWriter<byte> Take()
    {
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(FirstSize);
        _buffer = null;
        return buffer;
    }

    /// <summary>Gives it back. What was in it is wiped: it may have been a secret.</summary>
    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > LargestSize)
            return;
        buffer.Clear();
        _buffer = buffer;
    }
}
