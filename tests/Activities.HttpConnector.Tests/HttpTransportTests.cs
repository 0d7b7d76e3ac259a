using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests;

public sealed class HttpTransportTests
{
    [Theory]
    [InlineData("/a%2Fb/%41/..%2Fx?q=%41&r=%27")]
    [InlineData("/%7Euser/a;b=c/@:!$&'()*+,=?x=/?&y=%20+")]
    [InlineData("/a//b/%E4%BD%A0?filter[name]=x%00")]
    public async Task SendAsync_PathAndQuery_GoExactlyAsWritten(string target)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();

        await transport.ReplyAsync(Request(server.Url + target));

        Assert.Equal(target, Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task SendAsync_Headers_GoAsSetInUtf8AndContentHeadersOnce()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();
        var request = Request(server.Url, "POST", "{}"u8.ToArray())
            .With("X-Name", "Zoë 你好")
            .With("content-type", "application/json")
            .With("content-language", "de")
            .With("User-Agent", "odd (agent")
            .With("x-empty", "")
            .With("accept", "not/a/valid;;accept");

        await transport.ReplyAsync(request);

        var received = Assert.Single(server.Requests);
        Assert.Equal("Zoë 你好", received.Header("x-name"));
        Assert.Equal("application/json", received.Header("content-type"));
        Assert.Equal("de", received.Header("content-language"));
        Assert.Equal("odd (agent", received.Header("user-agent"));
        Assert.Equal("", received.Header("x-empty"));
        Assert.Equal("not/a/valid;;accept", received.Header("accept"));
        Assert.Equal("2", received.Header("content-length"));
        Assert.Equal("gzip, deflate, br", received.Header("accept-encoding"));
        Assert.Equal("{}", received.Text);
    }

    [Fact]
    public async Task SendAsync_AcceptEncodingOfTheCaller_StaysAsItIs()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();

        await transport.ReplyAsync(Request(server.Url).With("Accept-Encoding", "identity"));

        Assert.Equal("identity", Assert.Single(server.Requests).Header("accept-encoding"));
    }

    [Fact]
    public async Task SendAsync_ContentTypeWithoutBody_IsSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();

        await transport.ReplyAsync(Request(server.Url).With("content-type", "application/json"));

        Assert.Equal("application/json", Assert.Single(server.Requests).Header("content-type"));
    }

    [Fact]
    public async Task SendAsync_InATrace_SendsTraceparent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        await transport.ReplyAsync(Request(server.Url));

        Assert.Contains(activity.TraceId.ToString(), Assert.Single(server.Requests).Header("traceparent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_Redirect_IsNotFollowed()
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(302, "", "Location: http://169.254.169.254/latest/\r\n")
        );
        await using var transport = New();

        var reply = await transport.ReplyAsync(Request(server.Url));

        Assert.Equal(302, reply.StatusCode);
        Assert.Equal("http://169.254.169.254/latest/", reply.Header("location"));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task SendAsync_Cookies_AreNotKept()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
        await using var transport = New();

        var reply = await transport.ReplyAsync(Request(server.Url));
        await transport.ReplyAsync(Request(server.Url));

        Assert.Equal("a=1, b=2", reply.Header("set-cookie"));
        Assert.All(server.Requests, request => Assert.Null(request.Header("cookie")));
    }

    [Fact]
    public async Task SendAsync_TwoRequests_ReuseTheConnection()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "hi"));
        await using var transport = New();

        var cold = await transport.ReplyAsync(Request(server.Url, timings: true));
        var warm = await transport.ReplyAsync(Request(server.Url, timings: true));

        Assert.Equal(1, server.Connections);
        Assert.NotNull(cold.Timings!.Connect);
        Assert.Null(cold.Timings.Dns);
        Assert.Null(warm.Timings!.Connect);
        Assert.True(warm.Timings.FirstByte > TimeSpan.Zero && warm.Timings.Total >= warm.Timings.FirstByte);
    }

    [Fact]
    public async Task SendAsync_TimingsNotAskedFor_AreNull()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "hi"));
        await using var transport = New();

        Assert.Null((await transport.ReplyAsync(Request(server.Url))).Timings);
    }

    [Fact]
    public async Task SendAsync_HeadersOfTheAnswer_AreLowerCasedAndJoined()
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(
                200,
                "{}",
                "X-Region: eu\r\nX-Tag: a\r\nX-Tag: b\r\nX-Name: Zoë\r\nContent-Type: "
                    + "Application/JSON; charset=\"UTF-8\"\r\nDate: not a date\r\n"
            )
        );
        await using var transport = New();

        var reply = await transport.ReplyAsync(Request(server.Url));

        Assert.Contains(KeyValuePair.Create("x-region", "eu"), reply.Headers);
        Assert.Contains(KeyValuePair.Create("x-tag", "a, b"), reply.Headers);
        Assert.Contains(KeyValuePair.Create("x-name", "Zoë"), reply.Headers);
        Assert.Contains(KeyValuePair.Create("date", "not a date"), reply.Headers);
        Assert.Equal(("application/json", "utf-8"), (reply.MediaType, reply.Charset));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, "abcde")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, "until the end")]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 500, "")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 304, "")]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok", 202, "ok")]
    [InlineData("HTTP/1.1 418\r\nContent-Length: 2\r\n\r\nok", 418, "ok")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", 201, "ok")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nold", 200, "old")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", 200, "")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: strange\r\nContent-Length: 2\r\n\r\nok", 200, "ok")]
    public async Task SendAsync_AnswersOfAllShapes_AreRead(string answer, int status, string body)
    {
        await using var server = LoopbackServer.Sending(answer);
        await using var transport = New();

        var reply = await transport.ReplyAsync(Request(server.Url));

        Assert.Equal((status, body), (reply.StatusCode, reply.ReadText()));
    }

    [Fact]
    public async Task SendAsync_Head_HasNoBodyWhateverItsContentLength()
    {
        await using var server = LoopbackServer.Sending("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\nContent-Encoding: gzip\r\n\r\n");
        await using var transport = New();

        var reply = await transport.ReplyAsync(Request(server.Url, "HEAD"));

        Assert.True(reply.Body.IsEmpty);
        Assert.Equal("999999999", reply.Header("content-length"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("deflate, gzip")]
    public async Task SendAsync_Compressed_IsDecoded(string coding)
    {
        var body = Compress(coding, Encoding.UTF8.GetBytes("hello hello hello"));
        await using var server = SendingBytes(
            $"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {body.Length}\r\n\r\n",
            body
        );
        await using var transport = New();

        var reply = await transport.ReplyAsync(Request(server.Url));

        Assert.Equal("hello hello hello", reply.ReadText());
        Assert.Null(reply.Header("content-encoding"));
        Assert.Null(reply.Header("content-length"));
    }

    [Fact]
    public async Task SendAsync_RawDeflate_IsDecoded()
    {
        using var buffer = new MemoryStream();
        using (var raw = new DeflateStream(buffer, CompressionLevel.Optimal))
            raw.Write("hello"u8);
        await using var server = SendingBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n", buffer.ToArray());
        await using var transport = New();

        Assert.Equal("hello", (await transport.ReplyAsync(Request(server.Url))).ReadText());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task SendAsync_Bomb_IsTooLargeAfterDecompression(string coding)
    {
        var body = Compress(coding, new byte[6 * 1024 * 1024]);
        Assert.True(body.Length < 64 * 1024);
        await using var server = SendingBytes(
            $"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {body.Length}\r\n\r\n",
            body
        );
        await using var transport = New();

        Assert.Equal("http.too_large", (await transport.FaultAsync(Request(server.Url))).Code);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task SendAsync_DamagedCompression_IsBadResponse(string coding)
    {
        await using var server = LoopbackServer.Sending(
            $"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: 20\r\n\r\nthis is not encoded!"
        );
        await using var transport = New();

        Assert.Equal("http.bad_response", (await transport.FaultAsync(Request(server.Url))).Code);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task SendAsync_TruncatedCompression_IsBadResponse(string coding)
    {
        var body = Compress(coding, Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 10_000))))[..2_000];
        await using var server = SendingBytes(
            $"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {body.Length}\r\n\r\n",
            body
        );
        await using var transport = New();

        Assert.Equal("http.bad_response", (await transport.FaultAsync(Request(server.Url))).Code);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task SendAsync_BodyAtTheLimit_IsReadAndOneByteMoreIsNot(int length, bool fits)
    {
        foreach (var framing in (string[])[$"Content-Length: {length}\r\n", "Connection: close\r\n"])
        {
            await using var server = LoopbackServer.Sending($"HTTP/1.1 200 OK\r\n{framing}\r\n{new string('x', length)}");
            await using var transport = New(new() { MaxResponseBodyBytes = 100 });

            var result = await transport.SendAsync(Request(server.Url), TestContext.Current.CancellationToken);

            Assert.Equal(fits ? null : "http.too_large", result.Fault?.Code);
            Assert.Equal(fits ? length : null, result.Reply?.Body.Length);
        }
    }

    [Fact]
    public async Task SendAsync_AnnouncedFiveGigabytes_IsTooLargeWithoutReading()
    {
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\n");
            await connection.HoldAsync();
        });
        await using var transport = New();

        Assert.Equal("http.too_large", (await transport.FaultAsync(Request(server.Url))).Code);
    }

    [Fact]
    public async Task SendAsync_NeverEndingBodyOfA404_IsTooLarge()
    {
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 404 Not Found\r\n\r\n");
            while (true)
                await connection.WriteAsync(new byte[64 * 1024]);
        });
        await using var transport = New();

        Assert.Equal("http.too_large", (await transport.FaultAsync(Request(server.Url))).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")]
    public async Task SendAsync_DrippingServer_IsTimeout(string beginning)
    {
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(beginning);
            while (beginning.Length > 0)
            {
                await connection.WriteAsync("x");
                await Task.Delay(20, connection.Stopping);
            }
            await connection.HoldAsync();
        });
        await using var transport = New();

        var fault = await transport.FaultAsync(Request(server.Url, timeout: TimeSpan.FromMilliseconds(250)));

        Assert.Equal("http.timeout", fault.Code);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("<html>hello</html>\r\n\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")]
    public async Task SendAsync_NotHttpOrCutShort_IsBadResponse(string answer)
    {
        await using var server = LoopbackServer.Sending(answer);
        await using var transport = New();

        var fault = await transport.FaultAsync(Request(server.Url + "/path?secret=hunter2").With("authorization", "Bearer hunter2"));

        Assert.Equal("http.bad_response", fault.Code);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_ClosedBeforeAnswer_IsConnect()
    {
        await using var server = LoopbackServer.Sending("");
        await using var transport = New();

        Assert.Equal("http.connect", (await transport.FaultAsync(Request(server.Url, "POST", "x"u8.ToArray()))).Code);
    }

    [Fact]
    public async Task SendAsync_ResetBeforeAnswer_IsConnect()
    {
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            ((System.Net.Sockets.NetworkStream)connection.Stream).Socket.Close(0);
        });
        await using var transport = New();

        Assert.Equal("http.connect", (await transport.FaultAsync(Request(server.Url))).Code);
    }

    [Fact]
    public async Task SendAsync_Refused_IsConnect()
    {
        string url;
        await using (var server = LoopbackServer.Sending(""))
            url = server.Url;
        await using var transport = New();

        var fault = await transport.FaultAsync(Request(url));

        Assert.Equal("http.connect", fault.Code);
        Assert.Contains("refused", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_HeadersOverTheLimit_IsTooLarge()
    {
        await using var server = LoopbackServer.Sending(
            $"HTTP/1.1 200 OK\r\nX-Big: {new string('x', 70 * 1024)}\r\nContent-Length: 0\r\n\r\n"
        );
        await using var strict = New();
        await using var generous = New(new() { MaxResponseHeadersKiB = 80 });

        Assert.Equal("http.too_large", (await strict.FaultAsync(Request(server.Url))).Code);
        Assert.Equal(70 * 1024, (await generous.ReplyAsync(Request(server.Url))).Header("x-big")!.Length);
    }

    [Fact]
    public async Task SendAsync_RequestBodyOverTheLimit_IsTooLargeAndNothingIsSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(new() { MaxRequestBodyBytes = 10 });

        Assert.Equal("http.too_large", (await transport.FaultAsync(Request(server.Url, "POST", new byte[11]))).Code);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task SendAsync_CancelledByTheCaller_ThrowsAndIsNoFault()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await cancel.CancelAsync();
            await connection.HoldAsync();
        });
        await using var transport = New();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await transport.SendAsync(Request(server.Url), cancel.Token)
        );

        Assert.Equal(cancel.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task SendAsync_CancelledBeforehand_SendsNothing()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await transport.SendAsync(Request(server.Url), new(canceled: true))
        );

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task SendAsync_AfterDispose_ThrowsObjectDisposed()
    {
        var transport = New();
        await transport.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await transport.SendAsync(Request("http://127.0.0.1:1"), default));
    }

    [Fact]
    public async Task Dispose_WhileARequestIsUnderWay_LetsItFinish()
    {
        var received = new TaskCompletionSource();
        var answer = new TaskCompletionSource<string>();
        await using var server = LoopbackServer.AnsweringAsync(_ =>
        {
            received.SetResult();
            return answer.Task;
        });
        var transport = New();

        var pending = transport.ReplyAsync(Request(server.Url));
        await received.Task;
        transport.Dispose();
        answer.SetResult(LoopbackServer.Reply(200, "done"));

        Assert.Equal("done", (await pending).ReadText());
    }

    [Theory]
    [InlineData("text/plain; charset=iso-8859-1", new byte[] { 0x7A, 0x6F, 0xEB }, "zoë")]
    [InlineData("text/plain; charset=nonsense", new byte[] { 0x7A }, "z")]
    [InlineData("application/json", new byte[] { 0xEF, 0xBB, 0xBF, 0x7A }, "z")]
    [InlineData("application/json", new byte[] { 0xFF, 0xFE, 0x7A, 0x00 }, "z")]
    [InlineData("not a media type", new byte[] { 0x7A }, "z")]
    public void ReadText_FollowsByteOrderMarkThenCharset(string contentType, byte[] body, string text)
    {
        var reply = new HttpReply(200, [KeyValuePair.Create("content-type", contentType)], body, null);

        Assert.Equal(text, reply.ReadText());
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("PUT", "x")]
    [InlineData("POST", null)]
    [InlineData("POST", "x")]
    public async Task Send_ConnectionClosedBeforeTheAnswer_IsNotSentAgain(string method, string? body)
    {
        await using var server = LoopbackServer.Sending("");
        await using var transport = New();

        var fault = await transport.FaultAsync(Request(server.Url, method, body is null ? null : Encoding.UTF8.GetBytes(body)));

        Assert.Equal((HttpFaultCodes.Connect, 1), (fault.Code, server.Connections));
    }

    [Theory]
    [InlineData("GET", null, true)]
    [InlineData("DELETE", null, true)]
    [InlineData("POST", null, false)]
    [InlineData("PATCH", null, false)]
    [InlineData("POST", "x", false)]
    public async Task Send_KeptAliveConnectionClosed_IsSentOnANewOneOnlyWhenIdempotent(string method, string? body, bool again)
    {
        // Each connection serves one request and hangs up on the next.
        var received = 0;
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            Interlocked.Increment(ref received);
            await connection.WriteAsync(LoopbackServer.Reply(200));
            if (await connection.ReadRequestAsync() is not null)
                Interlocked.Increment(ref received);
        });
        await using var transport = New();
        await transport.ReplyAsync(Request(server.Url));

        var result = await transport.SendAsync(
            Request(server.Url, method, body is null ? null : Encoding.UTF8.GetBytes(body)),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(again, result.TryGetReply(out _, out var fault));
        Assert.Equal(again ? null : HttpFaultCodes.Connect, fault?.Code);
        Assert.Equal(again ? 3 : 2, Volatile.Read(ref received));
    }

    private static LoopbackServer SendingBytes(string head, byte[] body) =>
        LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(head);
            await connection.WriteAsync(body);
        });

    private static byte[] Compress(string codings, byte[] body)
    {
        foreach (var coding in codings.Split(", "))
        {
            using var buffer = new MemoryStream();
            using (
                Stream encoder = coding switch
                {
                    "br" => new BrotliStream(buffer, CompressionLevel.Optimal),
                    "deflate" => new ZLibStream(buffer, CompressionLevel.Optimal),
                    _ => new GZipStream(buffer, CompressionLevel.Optimal),
                }
            )
                encoder.Write(body);
            body = buffer.ToArray();
        }
        return body;
    }
}
