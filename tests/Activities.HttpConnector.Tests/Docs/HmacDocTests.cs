using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Docs;

/// <summary>
/// docs/hmac.md: its verifiers, as they stand there, judge requests that flows really sent. Node, Python and Go serve HTTP themselves, so
/// that their own idea of headers and request targets counts. Go runs only where
/// it is installed; elsewhere its text is compared with the rules, no more.
/// </summary>
[Trait("Category", "slow")]
public sealed class HmacDocTests
{
    private const string Secret = "s3cr€t:+%";
    private const string Template = "METHOD, URI, HEADER_x-descope-timestamp, HEADER_X-Name, HEADER_host, HEADER_absent, BODY";
    private static readonly string Doc = File.ReadAllText(Path.Combine(FindRoot(), "docs", "hmac.md"));

    private static readonly string NodeServer =
        Snippet("js")
        + """

            const [secret, template] = JSON.parse(process.argv.at(-1));
            const server = require('node:http').createServer((request, response) => {
              const parts = [];
              request.on('data', (part) => parts.push(part)).on('end', () => {
                response.statusCode = verify(secret, template, request, Buffer.concat(parts)) ? 200 : 401;
                response.end();
              });
            }).listen(0, '127.0.0.1', () => console.log(server.address().port));
            """;

    private static readonly string PythonServer =
        Snippet("python")
        + """

            import http.server, json, sys
            secret, template = json.loads(sys.argv[-1])
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    body = self.rfile.read(int(self.headers.get("content-length", "0")))
                    self.send_response(200 if verify(secret, template, self.command, self.path, self.headers, body) else 401)
                    self.send_header("content-length", "0")
                    self.end_headers()
                def log_message(self, *args):
                    pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
            print(server.server_port, flush=True)
            server.serve_forever()
            """;

    [Theory]
    [InlineData("node", "")]
    [InlineData("node", Template)]
    [InlineData("python3", "")]
    [InlineData("python3", Template)]
    public async Task Server_AcceptsWhatTheEngineSignedAndNothingElse(string program, string template)
    {
        using var server = Start(program, program == "node" ? NodeServer : PythonServer, template);
        try
        {
            var port = int.Parse((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, null);
            await AssertJudgesAsync(template, async request => await ForwardAsync(port, request) == "200");
        }
        finally
        {
            server.Kill();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(Template)]
    public Task CSharp_AcceptsWhatTheEngineSignedAndNothingElse(string template)
    {
        var verify = CompileDoc();
        return AssertJudgesAsync(
            template,
            request => Task.FromResult(verify(Secret, template, request.Method, request.Target, request.Header, request.Body))
        );
    }

    [Fact]
    public void CSharp_UnknownElement_Throws() =>
        Assert.Throws<ArgumentException>(() => CompileDoc()(Secret, "PATH", "GET", "/", _ => null, []));

    [Fact]
    public async Task Go_AcceptsWhatTheEngineSigned_OrAtLeastNamesEachRule()
    {
        var source = Snippet("go");
        foreach (
            var needed in (string[])
                [
                    "sha256.New",
                    "base64.StdEncoding",
                    "hmac.Equal",
                    "r.RequestURI",
                    "\"METHOD\"",
                    "\"BODY\"",
                    "\"HEADER_\"",
                    "x-descope-webhook-s256",
                    "x-descope-timestamp",
                    "5*time.Minute",
                ]
        )
            Assert.Contains(needed, source, StringComparison.Ordinal);
        if (
            !(Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, "go")))
        )
            return;

        var folder = Directory.CreateTempSubdirectory().FullName;
        var main =
            source
                .Replace("package webhook", "package main", StringComparison.Ordinal)
                .Replace("import (", "import (\n\"fmt\"\n\"io\"\n\"net\"\n\"os\"", StringComparison.Ordinal)
            + """

                func main() {
                    listener, _ := net.Listen("tcp", "127.0.0.1:0")
                    fmt.Println(listener.Addr().(*net.TCPAddr).Port)
                    http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
                        body, _ := io.ReadAll(r.Body)
                        if !Verify(os.Args[1], os.Args[2], r, body) { w.WriteHeader(401) }
                    }))
                }
                """;
        await File.WriteAllTextAsync(Path.Combine(folder, "main.go"), main, TestContext.Current.CancellationToken);
        using (var build = Process.Start(new ProcessStartInfo("go", ["build", "-o", "verifier", "main.go"]) { WorkingDirectory = folder })!)
        {
            await build.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, build.ExitCode);
        }
        using var server = Process.Start(
            new ProcessStartInfo(Path.Combine(folder, "verifier"), [Secret, Template]) { RedirectStandardOutput = true }
        )!;
        try
        {
            var port = int.Parse((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, null);
            await AssertJudgesAsync(Template, async request => await ForwardAsync(port, request) == "200");
        }
        finally
        {
            server.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A request of a flow is accepted; changed, signed with another secret or too old it is not.</summary>
    private static async Task AssertJudgesAsync(string template, Func<ReceivedRequest, Task<bool>> verify)
    {
        var request = await SignedAsync(Secret, template, TimeProvider.System);
        Assert.True(await verify(request));
        Assert.True(await verify(await SignedAsync(Secret, template, TimeProvider.System, body: "")));

        Assert.False(await verify(await SignedAsync(Secret + "x", template, TimeProvider.System)));
        Assert.False(await verify(request with { Body = [.. request.Body[..^1], (byte)' '] }));
        Assert.False(
            await verify(
                request with
                {
                    Head = request.Head.Replace("x-descope-webhook-s256", "x-other", StringComparison.OrdinalIgnoreCase),
                }
            )
        );
        if (template.Length == 0)
            return;
        Assert.False(await verify(request with { Head = request.Head.Replace("POST /hook/", "POST /hooks/", StringComparison.Ordinal) }));
        Assert.False(await verify(request with { Head = request.Head.Replace("Zoë", "Zoe", StringComparison.Ordinal) }));
        Assert.False(
            await verify(await SignedAsync(Secret, template, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-6))))
        );
    }

    /// <summary>What a flow put on the wire.</summary>
    private static async Task<ReceivedRequest> SignedAsync(
        string secret,
        string template,
        TimeProvider time,
        string body = """ "body": { "name": "Zoë <b>&", "n": 1.0, "id": "{{client.id}}" }, """
    )
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$$"""{ "method": "POST", {{{body}}} "endpoint": "/hook/{{client.id}}?x=%41","""
                + """ "headers": { "x-name":"""
                + $$$""" "Zoë 你好" {{{(template.Length > 0 ? $", \"x-descope-signature-template\": \"{template}\"" : "")}}} } }""",
            $$"""{ "hmacSecret": "{{secret}}" }""",
            new() { Egress = Transports.Loopback, Time = time }
        );

        var run = await flow.RunAsync("""{ "id": "a/b ü" }""");

        Assert.Equal("Success", run.EndName);
        return Assert.Single(server.Requests);
    }

    /// <summary>Sends the very bytes to another server.</summary>
    private static async Task<string> ForwardAsync(int port, ReceivedRequest request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.Head), TestContext.Current.CancellationToken);
        await stream.WriteAsync(request.Body, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!.Split(' ')[1];
    }

    private static Process Start(string program, string source, string template)
    {
        var start = new ProcessStartInfo(
            program,
            [program == "node" ? "-e" : "-c", source, System.Text.Json.JsonSerializer.Serialize(new[] { Secret, template })]
        )
        {
            RedirectStandardOutput = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }

    private delegate bool Verifier(string secret, string template, string method, string uri, Func<string, string?> header, byte[] body);

    private static Verifier CompileDoc()
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "HmacDoc",
            [CSharpSyntaxTree.ParseText("using System;\nusing System.IO;\n" + Snippet("csharp"))],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        using var assembly = new MemoryStream();
        var emitted = compilation.Emit(assembly);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return Assembly.Load(assembly.ToArray()).GetType("WebhookSignature")!.GetMethod("Verify")!.CreateDelegate<Verifier>();
    }

    private static string Snippet(string language) => Regex.Match(Doc, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FlowEngine.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run inside the repository.");
        return folder;
    }
}
