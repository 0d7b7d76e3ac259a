using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Tests.Servers;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Signing;

/// <summary>Receivers written in other languages, with their own HMAC, verify what stood on the wire.</summary>
[Trait("Category", "slow")]
public sealed class HmacSignatureIndependentTests
{
    private const string Secret = "s3cr€t:+%";

    private const string Node = """
        const crypto = require('node:crypto');
        const r = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
        const body = Buffer.from(r.body, 'base64');
        const message = r.template
          ? Buffer.concat(r.template.split(',').map(e => e.trim()).map(e =>
              e === 'METHOD' ? Buffer.from(r.method) : e === 'URI' ? Buffer.from(r.target) : e === 'BODY' ? body
                : Buffer.from(r.headers[e.slice('HEADER_'.length).toLowerCase()] ?? '')))
          : body;
        const expected = crypto.createHmac('sha256', Buffer.from(r.secret)).update(message).digest();
        const given = Buffer.from(r.headers['x-descope-webhook-s256'], 'base64');
        console.log(given.length === expected.length && crypto.timingSafeEqual(given, expected) ? 'valid' : 'invalid');
        """;

    private const string Python = """
        import base64, hashlib, hmac, json, sys
        r = json.loads(sys.stdin.buffer.read())
        body = base64.b64decode(r['body'])
        def part(e):
            if e == 'METHOD': return r['method'].encode()
            if e == 'URI': return r['target'].encode()
            if e == 'BODY': return body
            return r['headers'].get(e[len('HEADER_'):].lower(), '').encode('utf-8')
        message = b''.join(part(e.strip()) for e in r['template'].split(',')) if r['template'] else body
        expected = base64.b64encode(hmac.new(r['secret'].encode('utf-8'), message, hashlib.sha256).digest()).decode()
        print('valid' if hmac.compare_digest(expected, r['headers']['x-descope-webhook-s256']) else 'invalid')
        """;

    [Theory]
    [InlineData("node", null)]
    [InlineData("node", "METHOD, URI, HEADER_x-descope-timestamp, HEADER_x-name, HEADER_absent, BODY")]
    [InlineData("python3", null)]
    [InlineData("python3", "METHOD, URI, HEADER_x-descope-timestamp, HEADER_x-name, HEADER_absent, BODY")]
    public async Task Signature_IsVerifiedOverTheRawBodyAndATamperedOneIsNot(string program, string? template)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();
        var request = Request(
                server.Url + "/hooks/%41%2Fb?q=%C3%AB",
                "POST",
                "{ \"name\":\"Zoë <b>\", \"n\":1.0, \"u\":\"\\u003c\" }\n"u8.ToArray()
            )
            .With("content-type", "application/json")
            .With("x-name", "Zoë 你好");

        new HmacSignature(Secret, template is null ? null : SignatureTemplate.Parse(template)).Sign(request);
        await transport.ReplyAsync(request);
        var received = Assert.Single(server.Requests);

        Assert.Equal("valid", await VerifyAsync(program, received, template));
        Assert.Equal("invalid", await VerifyAsync(program, received with { Body = [.. received.Body[..^1], (byte)' '] }, template));
    }

    private static async Task<string> VerifyAsync(string program, ReceivedRequest received, string? template)
    {
        var input = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                secret = Secret,
                template,
                method = received.Method,
                target = received.Target,
                body = Convert.ToBase64String(received.Body),
                headers = received.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value),
            }
        );
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(program == "node" ? "-e" : "-c");
        start.ArgumentList.Add(program == "node" ? Node : Python);
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
            var answer = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return answer.Trim();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }
}
