using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Connectors;

/// <summary>Connectors through the API: what they hold never comes back, and goes nowhere else.</summary>
public sealed class ConnectorEndpointsTests(PostgresFixture postgres)
{
    private const string Secret = "s3cret-Of-The-Orders/API+ü";

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task AConnector_FromItsFirstSaveToItsEnd(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        var replies = new List<ApiReply>();
        var definition = Connector(server, "mine", Secret);

        var revision = (await AddAsync(definition)).Expect(HttpStatusCode.Created).Body.Get("revision");
        Assert.Equal("connector.exists", (await AddAsync(definition)).Expect(HttpStatusCode.Conflict).Code);
        var shown = Keep(await server.GetAsync("/api/connectors/mine")).Expect(HttpStatusCode.OK).Body;
        Assert.Equal("***", shown.Get("definition").Get("configuration").Get("authentication").Get("apiKey").Get("token").ToText());

        // What was shown is saved again with another name: the secret stays.
        shown.Get("definition").TryGetObject(out var edited);
        var renamed = FlowValue.From(
            edited!
                .With("name", FlowValue.From("Mine"))
                .With("configuration", FlowValue.From(Configuration(edited).With("insecure", FlowValue.True)))
        );
        revision = (await SaveAsync(renamed, revision)).Expect(HttpStatusCode.OK).Body.Get("revision");
        var tested = Keep(await server.PostAsync("/api/connectors/mine/test", """{ "method": "GET", "endpoint": "/echo" }"""))
            .Expect(HttpStatusCode.OK)
            .Body;
        Assert.Equal(FlowValue.True, tested.Get("ok"));
        Assert.Equal("***", tested.Get("request").Get("headers").Get("x-key").ToText());
        Assert.Contains("timings", tested.ToJson(), StringComparison.Ordinal);
        var head = Heads(Keep(await server.GetAsync("/api/connectors"))).Single(item => item.Get("id").ToText() == "mine");
        Assert.Equal(
            ("Mine", """["insecure"]""", "[]"),
            (head.Get("name").ToText(), head.Get("warnings").ToJson(), head.Get("usedBy").ToJson())
        );

        Assert.Equal(
            "Mine",
            Keep(await SaveAsync(renamed, FlowValue.From(1)))
                .Expect(HttpStatusCode.Conflict)
                .Body.Get("current")
                .Get("definition")
                .Get("name")
                .ToText()
        );
        // The audit log says which settings are others now; of a secret, no more than that.
        Assert.Equal("""[{"setting":"name","after":"Mine"},{"setting":"insecure","after":true}]""", (await ChangesAsync()).ToJson());
        renamed.TryGetObject(out var again);
        Connector(server, "mine", Secret + "2").TryGetObject(out var other);
        await SaveAsync(FlowValue.From(again!.With("configuration", other!.Get("configuration"))), revision);
        Assert.Equal(
            """[{"setting":"authentication.apiKey.token","before":"***","after":"***"},{"setting":"insecure","before":true}]""",
            (await ChangesAsync()).ToJson()
        );
        (await server.DeleteAsync("/api/connectors/mine")).Expect(HttpStatusCode.NoContent);
        (await server.GetAsync("/api/connectors/mine")).Expect(HttpStatusCode.NotFound);
        Keep(await server.GetAsync("/api/audit"));
        SecretSweep.AssertNone(string.Join('\n', replies.Select(reply => reply.Text)) + server.Output, [Secret]);

        async Task<FlowValue> ChangesAsync() =>
            Items((await server.GetAsync("/api/audit?subject=connector:mine")).Body.Get("entries"))
                .First(entry => entry.Get("action").ToText() == "connector.save")
                .Get("detail")
                .Get("changes");

        async Task<ApiReply> AddAsync(FlowValue value) =>
            Keep(await server.PostAsync("/api/connectors", FlowValue.Object(("definition", value))));

        async Task<ApiReply> SaveAsync(FlowValue value, FlowValue from) =>
            Keep(await server.PutAsync("/api/connectors/mine", FlowValue.Object(("definition", value), ("revision", from))));

        ApiReply Keep(ApiReply reply)
        {
            replies.Add(reply);
            return reply;
        }
    }

    /// <summary>The list, the connector and the metric say how long the client certificate is good for; saving one that ends soon
    /// warns.</summary>
    [Fact]
    public async Task ClientCertificate_SaysHowManyDaysAreLeft()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var measured = new ConcurrentDictionary<string, long>();
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "flowengine.connector.certificate.days")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        meter.SetMeasurementEventCallback<long>(
            (_, days, tags, _) => measured[(string)tags.ToArray().Single(tag => tag.Key == "flow.connector.id").Value!] = days
        );
        meter.Start();
        await AddAsync("cert-soon", 20.5);
        await AddAsync("cert-later", 90.5);
        await AddAsync("cert-ended", -2.5);
        (
            await server.PostAsync(
                "/api/connectors",
                """{ "definition": { "id": "cert-none", "type": "http", "configuration": { "baseUrl": "https://x.example" } } }"""
            )
        ).Expect(HttpStatusCode.Created);

        var heads = Heads(await server.GetAsync("/api/connectors")).ToDictionary(head => head.Get("id").ToText());
        Assert.Equal(
            ("20", "90", "-3"),
            (
                heads["cert-soon"].Get("certificateDaysLeft").ToText(),
                heads["cert-later"].Get("certificateDaysLeft").ToText(),
                heads["cert-ended"].Get("certificateDaysLeft").ToText()
            )
        );
        Assert.True(heads["cert-none"].Get("certificateDaysLeft").IsMissing);
        var one = (await server.GetAsync("/api/connectors/cert-soon")).Body;
        Assert.Equal("20", one.Get("certificateDaysLeft").ToText());
        Assert.Equal(heads["cert-soon"].Get("certificateEnds"), one.Get("certificateEnds"));
        meter.RecordObservableInstruments();
        Assert.Equal((20L, 90L, -3L), (measured["cert-soon"], measured["cert-later"], measured["cert-ended"]));
        Assert.False(measured.ContainsKey("cert-none"));

        one.Get("definition").TryGetObject(out var definition);
        var problems = (
            await server.PostAsync("/api/connectors/validate", FlowValue.Object(("definition", Definition("cert-new", 20.5))))
        ).Body;
        Assert.Equal(["http.certificate_ends"], Items(problems.Get("diagnostics")).Select(problem => problem.Get("code").ToText()));

        async Task AddAsync(string id, double days) =>
            (await server.PostAsync("/api/connectors", FlowValue.Object(("definition", Definition(id, days))))).Expect(
                HttpStatusCode.Created
            );

        static FlowValue Definition(string id, double days)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={id}", key, HashAlgorithmName.SHA256);
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(days));
            return FlowValue.Parse(
                $$"""
                { "id": "{{id}}", "type": "http", "configuration": { "baseUrl": "https://x.example",
                    "clientCertificate": {{FlowValue.From(certificate.ExportCertificatePem()).ToJson()}},
                    "clientKey": {{FlowValue.From(key.ExportPkcs8PrivateKeyPem()).ToJson()}} } }
                """
            );
        }
    }

    /// <summary>What was received is held against the stored keys; as a command, no secret leaves.</summary>
    [Fact]
    public async Task Test_OfWhatWasReceived_AndAsACommand_SendsNothing()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var designer = await server.PersonAsync("dora", "designer");
        (
            await server.PostAsync(
                "/api/connectors",
                """
                { "definition": { "id": "signing", "type": "http", "configuration": { "baseUrl": "http://127.0.0.1:9",
                    "hmacSecret": ["first-secret-1", "second-secret-2"] } } }
                """
            )
        ).Expect(HttpStatusCode.Created);
        var signature = Convert.ToBase64String(HMACSHA256.HashData("second-secret-2"u8, "hello"u8));
        var received = FlowValue.From($"POST /x HTTP/1.1\nx-descope-webhook-s256: {signature}\n\nhello");

        var found = (await server.PostAsync("/api/connectors/signing/test", FlowValue.Object(("received", received)), designer))
            .Expect(HttpStatusCode.OK)
            .Body;
        var command = (await server.PostAsync("/api/connectors/signing/test", """{ "curl": true, "endpoint": "/a" }""", designer))
            .Expect(HttpStatusCode.OK)
            .Body;
        var bad = (await server.PostAsync("/api/connectors/signing/test", """{ "received": "nonsense" }""", designer)).Expect(
            HttpStatusCode.OK
        );

        Assert.Equal(("2", FlowValue.True), (found.Get("received").Get("hmac").Get("key").ToText(), found.Get("ok")));
        Assert.Contains("curl -X GET 'http://127.0.0.1:9/a'", command.Get("curl").ToText(), StringComparison.Ordinal);
        Assert.Equal("http.received", bad.Body.Get("problems").Get(0).Get("code").ToText());
        SecretSweep.AssertNone(found.ToJson() + command.ToJson() + bad.Text, ["first-secret-1", "second-secret-2"]);
    }

    [Theory]
    [InlineData("people")]
    [InlineData("saved")]
    public async Task ARelativeFile_BeginsInTheFolderOfTheConnectors_WhenItIsTriedToo(string id)
    {
        using var workspace = new Workspace();
        var folder = Path.GetDirectoryName(workspace.Write("flows/people.db", ""))!;
        workspace.Write(
            "flows/connectors/people.connector.json",
            """{ "id": "people", "type": "sql", "configuration": { "engine": "sqlite", "file": "../people.db" } }"""
        );
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, folder, "Connectors:SqliteFolders=" + folder);
        var definition = FlowValue.Parse(
            $$"""{ "id": "{{id}}", "type": "sql", "configuration": { "engine": "sqlite", "file": "../people.db" } }"""
        );
        if (id == "saved")
            (await server.PostAsync("/api/connectors", FlowValue.Object(("definition", definition)))).Expect(HttpStatusCode.Created);

        var stored = (await server.PostAsync($"/api/connectors/{id}/test", "{}")).Expect(HttpStatusCode.OK);
        var unsaved = (await server.PostAsync($"/api/connectors/{id}/test", FlowValue.Object(("definition", definition)))).Expect(
            HttpStatusCode.OK
        );

        Assert.True(stored.Body.Get("ok") == FlowValue.True, stored.Text);
        Assert.True(unsaved.Body.Get("ok") == FlowValue.True, unsaved.Text);
    }

    [Fact]
    public async Task AStoredSecret_IsNotSentToAnAddressThatADesignerChose()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var designer = await server.PersonAsync("dora", "designer");
        var revision = (
            await server.PostAsync("/api/connectors", FlowValue.Object(("definition", Connector(server, "mine", Secret))))
        ).Body.Get("revision");
        var moved = FlowValue.Object(
            ("definition", Connector(server, "mine", "***", "http://127.0.0.1:9/elsewhere")),
            ("revision", revision),
            ("endpoint", FlowValue.From("/"))
        );

        var saved = (await server.PutAsync("/api/connectors/mine", moved, designer)).Expect(HttpStatusCode.UnprocessableEntity);
        var tested = (await server.PostAsync("/api/connectors/mine/test", moved, designer)).Expect(HttpStatusCode.UnprocessableEntity);

        foreach (var refused in new[] { saved, tested })
            Assert.Equal(
                ("connector.secret_moved", "/configuration/authentication/apiKey/token"),
                (
                    refused.Body.Get("diagnostics").Get(0).Get("code").ToText(),
                    refused.Body.Get("diagnostics").Get(0).Get("pointer").ToText()
                )
            );
        (
            await server.PutAsync(
                "/api/connectors/mine",
                FlowValue.Object(
                    ("definition", Connector(server, "mine", "a new one", "http://127.0.0.1:9/elsewhere")),
                    ("revision", revision)
                ),
                designer
            )
        ).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(
        "authentication.apiKey.key",
        """{ "authentication": { "method": "apiKey", "apiKey": { "key": "accept-language", "token": "***" } } }"""
    )]
    [InlineData("followRedirects", """{ "followRedirects": true }""")]
    [InlineData("insecure", """{ "insecure": true }""")]
    [InlineData("caCertificates", """{ "caCertificates": "-----BEGIN CERTIFICATE-----" }""")]
    [InlineData("authentication.method", """{ "authentication": { "method": "none", "apiKey": { "key": "x-key", "token": "***" } } }""")]
    public async Task AStoredSecret_DoesNotGoAnotherWayOrLessSafelyForADesigner(string changed, string change)
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var designer = await server.PersonAsync("dora", "designer");
        var revision = (
            await server.PostAsync("/api/connectors", FlowValue.Object(("definition", Connector(server, "mine", Secret))))
        ).Body.Get("revision");
        Connector(server, "mine", "***").TryGetObject(out var masked);
        var configuration = Configuration(masked!);
        FlowValue.Parse(change).TryGetObject(out var members);
        foreach (var (name, value) in members!)
            configuration = configuration.With(name, value);
        var body = FlowValue.Object(
            ("definition", FlowValue.From(masked!.With("configuration", FlowValue.From(configuration)))),
            ("revision", revision),
            ("endpoint", FlowValue.From("/echo"))
        );

        var saved = (await server.PutAsync("/api/connectors/mine", body, designer)).Expect(HttpStatusCode.UnprocessableEntity);
        var tested = (await server.PostAsync("/api/connectors/mine/test", body, designer)).Expect(HttpStatusCode.UnprocessableEntity);
        // The form hears of it before anybody saves.
        var told = (await server.PostAsync("/api/connectors/validate", body, designer)).Expect(HttpStatusCode.OK);
        foreach (var refused in (ApiReply[])[saved, tested, told])
        {
            var problem = Items(refused.Body.Get("diagnostics")).Single(one => one.Get("code").ToText() == "connector.secret_moved");
            Assert.Equal("/configuration/authentication/apiKey/token", problem.Get("pointer").ToText());
            Assert.Contains(changed, problem.Get("message").ToText(), StringComparison.Ordinal);
        }
        Assert.DoesNotContain(
            "connector.secret_moved",
            (await server.PostAsync("/api/connectors/validate", body)).Expect(HttpStatusCode.OK).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ADesigner_ChangesWhatIsDeclaredHarmless_AndTheSecretStays()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var designer = await server.PersonAsync("dora", "designer");
        var revision = (
            await server.PostAsync("/api/connectors", FlowValue.Object(("definition", Connector(server, "mine", Secret))))
        ).Body.Get("revision");
        Connector(server, "mine", "***").TryGetObject(out var masked);
        var configuration = Configuration(masked!)
            .With("headers", FlowValue.Parse("""[ { "key": "x-tenant", "value": "t1" } ]"""))
            .With("includeHeadersInContext", FlowValue.True)
            .With("followRedirects", FlowValue.False);
        var body = FlowValue.Object(
            ("definition", FlowValue.From(masked!.With("configuration", FlowValue.From(configuration)))),
            ("revision", revision)
        );

        (await server.PutAsync("/api/connectors/mine", body, designer)).Expect(HttpStatusCode.OK);

        var tested = (await server.PostAsync("/api/connectors/mine/test", """{ "method": "GET", "endpoint": "/echo" }""", designer))
            .Expect(HttpStatusCode.OK)
            .Body;
        Assert.Equal(
            ("***", "t1"),
            (tested.Get("request").Get("headers").Get("x-key").ToText(), tested.Get("request").Get("headers").Get("x-tenant").ToText())
        );
    }

    /// <summary>Whoever may change connectors must not learn a header's secret by it: under another name, as an open header, or by a template
    /// of a flow.</summary>
    [Fact]
    public async Task ASecretHeader_IsNeverShown_AndStaysWithItsName()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var designer = await server.PersonAsync("dora", "designer");
        Connector(server, "mine", Secret).TryGetObject(out var open);
        var revision = (
            await server.PostAsync(
                "/api/connectors",
                FlowValue.Object(
                    (
                        "definition",
                        With(
                            open!,
                            """[ { "key": "x-a", "value": "t1" }, { "key": "x-of-ours", "value": "hidden-of-ours", "secret": true } ]"""
                        )
                    )
                )
            )
        )
            .Expect(HttpStatusCode.Created)
            .Body.Get("revision");
        var shown = await server.GetAsync("/api/connectors/mine", designer);
        Assert.DoesNotContain("hidden-of-ours", shown.Text, StringComparison.Ordinal);
        Connector(server, "mine", "***").TryGetObject(out var masked);

        foreach (
            var (headers, code) in new[]
            {
                ("""[ { "key": "x-other", "value": "***", "secret": true } ]""", "connector.secret_masked"),
                ("""[ { "key": "x-of-ours", "value": "env:PATH", "secret": true } ]""", "connector.secret_reference"),
            }
        )
        {
            var refused = await server.PutAsync(
                "/api/connectors/mine",
                FlowValue.Object(("definition", With(masked!, headers)), ("revision", revision)),
                designer
            );
            Assert.Equal(code, refused.Expect(HttpStatusCode.UnprocessableEntity).Body.Get("diagnostics").Get(0).Get("code").ToText());
        }

        const string Moved = """[ { "key": "x-of-ours", "value": "***", "secret": true }, { "key": "x-a", "value": "t2" } ]""";
        (
            await server.PutAsync(
                "/api/connectors/mine",
                FlowValue.Object(("definition", With(masked!, Moved)), ("revision", revision)),
                designer
            )
        ).Expect(HttpStatusCode.OK);
        var tested = (await server.PostAsync("/api/connectors/mine/test", """{ "method": "GET", "endpoint": "/echo" }""", designer))
            .Expect(HttpStatusCode.OK)
            .Body;
        var sent = tested.Get("request").Get("headers");
        Assert.Equal(("***", "t2"), (sent.Get("x-of-ours").ToText(), sent.Get("x-a").ToText()));
        Assert.DoesNotContain("hidden-of-ours", tested.ToJson(), StringComparison.Ordinal);

        static FlowValue With(FlowObject definition, string headers) =>
            FlowValue.From(
                definition.With("configuration", FlowValue.From(Configuration(definition).With("headers", FlowValue.Parse(headers))))
            );
    }

    [Fact]
    public async Task Schema_SaysWhichSettingsLeaveSecretsWhereTheyAre()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var settings = Items(
            Items((await server.GetAsync("/api/schema")).Body.Get("connectors"))
                .Single(type => type.Get("type").ToText() == "http")
                .Get("settings")
        );
        Assert.Equal(FlowValue.True, settings.Single(setting => setting.Get("name").ToText() == "headers").Get("secretsStay"));
        Assert.Equal(FlowValue.Missing, settings.Single(setting => setting.Get("name").ToText() == "baseUrl").Get("secretsStay"));
    }

    [Theory]
    [InlineData("env:PATH")]
    [InlineData("file:/etc/hostname")]
    public async Task AReferenceToTheServersOwnSecrets_IsForAdmins(string reference)
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var designer = await server.PersonAsync("dora", "designer");
        var body = FlowValue.Object(("definition", Connector(server, "mine", reference)));

        Assert.Equal(
            "connector.secret_reference",
            (await server.PostAsync("/api/connectors", body, designer))
                .Expect(HttpStatusCode.UnprocessableEntity)
                .Body.Get("diagnostics")
                .Get(0)
                .Get("code")
                .ToText()
        );
        Assert.Equal(
            "connector.secret_reference",
            (await server.PostAsync("/api/connectors/mine/test", body, designer))
                .Expect(HttpStatusCode.UnprocessableEntity)
                .Body.Get("diagnostics")
                .Get(0)
                .Get("code")
                .ToText()
        );
        var revision = (await server.PostAsync("/api/connectors", body)).Expect(HttpStatusCode.Created).Body.Get("revision");
        // Once it is there, a designer may change the rest.
        (
            await server.PutAsync(
                "/api/connectors/mine",
                FlowValue.Object(("definition", Connector(server, "mine", reference)), ("revision", revision)),
                designer
            )
        ).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AMask_IsNoSecret()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);

        var refused = (
            await server.PostAsync("/api/connectors", FlowValue.Object(("definition", Connector(server, "mine", "***"))))
        ).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Equal("connector.secret_masked", refused.Body.Get("diagnostics").Get(0).Get("code").ToText());
    }

    [Fact]
    public async Task AConnectorInUse_ChangesAtOnceAndIsNotDeleted()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var refused = (await server.DeleteAsync("/api/connectors/profile-api")).Expect(HttpStatusCode.Conflict);
        Assert.Equal(
            ("connector.in_use", """["header-claims","login","profile","team"]"""),
            (refused.Code, refused.Body.Get("usedBy").ToJson())
        );

        Assert.Equal("completed", (await server.SignInThroughFlowAsync("ada@example.com")).Get("status").ToText());
        var stored = (await server.GetAsync("/api/connectors/profile-api")).Body;
        stored.Get("definition").TryGetObject(out var definition);
        var gone = FlowValue.From(
            definition!.With(
                "configuration",
                FlowValue.From(Configuration(definition).With("baseUrl", FlowValue.From("http://127.0.0.1:9")))
            )
        );
        (
            await server.PutAsync(
                "/api/connectors/profile-api",
                FlowValue.Object(("definition", gone), ("revision", stored.Get("revision")))
            )
        ).Expect(HttpStatusCode.OK);

        Assert.Equal("waiting", (await server.SignInThroughFlowAsync("ada@example.com")).Get("status").ToText());
        var run = (await server.GetAsync("/api/runs?limit=1")).Body.Get("runs").Get(0);
        Assert.Contains(
            "http.connect",
            (await server.GetAsync($"/api/runs/{run.Get("number")}")).Body.Get("trace").ToJson(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{ "id": "x", "type": "nothing", "configuration": {} }""", "/type")]
    [InlineData("""{ "id": "x", "type": "http", "configuration": { "baseUrl": "nowhere" } }""", "/configuration/baseUrl")]
    [InlineData("""{ "id": "../x", "type": "http", "configuration": { "baseUrl": "https://example.com" } }""", "/id")]
    [InlineData("""{ "id": "x", "type": "http" }""", "/configuration")]
    public async Task Problems_AreTold(string definition, string pointer)
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var body = FlowValue.Object(("definition", FlowValue.Parse(definition)));

        var refused = (await server.PostAsync("/api/connectors", body)).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Equal(pointer, refused.Body.Get("diagnostics").Get(0).Get("pointer").ToText());
        Assert.Equal(
            refused.Body.Get("diagnostics"),
            (await server.PostAsync("/api/connectors/validate", body)).Expect(HttpStatusCode.OK).Body.Get("diagnostics")
        );
    }

    private static FlowObject Configuration(FlowObject definition) =>
        definition.Get("configuration").TryGetObject(out var configuration) ? configuration : FlowObject.Empty;

    private static FlowArray Heads(ApiReply reply) => Items(reply.Body.Get("connectors"));

    private static FlowArray Items(FlowValue list) => list.TryGetArray(out var items) ? items : FlowArray.Empty;

    private static FlowValue Connector(ApiServer server, string id, string token, string? baseUrl = null) =>
        FlowValue.Parse(
            $$$"""{ "id": "{{{id}}}", "type": "http", "configuration": { "baseUrl": "{{{baseUrl ?? server.Address + "/demo"}}}","""
                + $$$""" "authentication": { "method": "apiKey", "apiKey": { "key": "x-key", "token": "{{{token}}}" } } } }"""
        );
}
