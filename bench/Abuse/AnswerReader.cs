using System.Globalization;
using System.Text;

namespace FlowEngine.Bench.Abuse;

/// <summary>Per connection, single-threaded: reads one HTTP answer after another and throws its body away.</summary>
internal sealed class AnswerReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The status of the next answer.</summary>
    /// <exception cref="IOException">The connection was closed.</exception>
    public async ValueTask<string> StatusAsync(CancellationToken cancellationToken)
    {
        var line = await LineAsync(cancellationToken);
        var status = line.Length >= 12 ? line.Substring(9, 3) : throw new IOException(line);
        var (length, isChunked) = (0L, false);
        while ((line = await LineAsync(cancellationToken)).Length > 0)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = long.Parse(line[15..], CultureInfo.InvariantCulture);
            isChunked |= line.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        }
        if (status == "304")
            return status;
        if (!isChunked)
            await SkipAsync(length, cancellationToken);
        for (long size = 1; isChunked && size > 0; )
        {
            size = long.Parse(await LineAsync(cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await SkipAsync(size + 2, cancellationToken);
        }
        return status;
    }

    private async ValueTask<string> LineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start.._end).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                var line = Encoding.ASCII.GetString(_buffer, _start, at);
                _start += at + 2;
                return line;
            }
            await FillAsync(cancellationToken);
        }
    }

    private async ValueTask SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (_start == _end)
                await FillAsync(cancellationToken);
            var here = (int)Math.Min(count, _end - _start);
            _start += here;
            count -= here;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var count = _end < _buffer.Length ? await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken) : 0;
        _end += count > 0 ? count : throw new IOException("The connection was closed, or a line is too long.");
    }
}
