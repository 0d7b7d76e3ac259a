using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Tests;
using Microsoft.AspNetCore.Http;

namespace FlowEngine.Server.Tests.Edge;

public sealed partial class AnswerPiecesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(AnswerPieces.Size)]
    [InlineData(10 * AnswerPieces.Size + 1)]
    public async Task SendAsync_LargeBody_GoesPieceByPieceAndWhole(int length)
    {
        var content = new byte[length];
        Random.Shared.NextBytes(content);
        using var client = new SlowClient();
        var http = new DefaultHttpContext { Response = { Body = client } };

        await http.Response.SendAsync(content);

        Assert.Equal(content, client.Taken.ToArray());
        Assert.InRange(client.Largest, 0, AnswerPieces.Size);
        Assert.Equal(1, Math.Max(1, client.AtOnce));
    }

    /// <summary>Any other way to write a body lets a client that reads nothing hold all of it in memory.</summary>
    [Fact]
    public void Bodies_AreSentInPiecesEverywhere()
    {
        var root = Path.Combine(Repository.Root, "src");
        string[] projects = ["FlowEngine.AspNetCore", "FlowEngine.Server"];
        var others = projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => Path.GetFileName(file) != "AnswerPieces.cs" && OtherWays().IsMatch(File.ReadAllText(file)));
        Assert.Equal([], others.Select(file => Path.GetRelativePath(root, file)));
    }

    [GeneratedRegex(@"Response\.(Body|BodyWriter|WriteAsync|SendFileAsync|WriteAsJsonAsync)\b|\bResults\.(Bytes|File|Json|Ok|Content)\(")]
    private static partial Regex OtherWays();

    /// <summary>Takes a piece after the others have had their turn, and sees whether a second one comes meanwhile.</summary>
    private sealed class SlowClient : MemoryStream
    {
        private int _underWay;

        public List<byte> Taken { get; } = [];

        public int Largest { get; private set; }

        public int AtOnce { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            AtOnce = Math.Max(AtOnce, ++_underWay);
            Largest = Math.Max(Largest, buffer.Length);
            await Task.Yield();
            Taken.AddRange(buffer.Span);
            _underWay--;
        }
    }
}
