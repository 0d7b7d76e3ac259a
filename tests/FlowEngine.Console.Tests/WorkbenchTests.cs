using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>What the console has for who connects an API: which key signed what arrived there, commands, parts, certificates that end.</summary>
public sealed class WorkbenchTests(Browser browser) : ConsoleTest(browser)
{
    private const string Key = "a text that both sides share";

    [Fact]
    public async Task Signatures_OfARequestThatAServerGot_NameKeyLineAndByte()
    {
        await using var server = await ConsoleServer.DemoAsync();
        await AddAsync(
            server,
            "signed",
            new JsonObject
            {
                ["baseUrl"] = "https://api.example/v2",
                ["hmacSecret"] = new JsonArray("first-secret-1", "second-secret-2"),
                ["headers"] = new JsonArray(new JsonObject { ["key"] = "x-descope-signature-template", ["value"] = "METHOD,URI,BODY" }),
                ["messageSignature"] = new JsonObject
                {
                    ["keyId"] = "key-1",
                    ["key"] = Key,
                    ["components"] = new JsonArray("@method", "@authority", "@path"),
                },
            }
        );
        var hmac = Convert.ToBase64String(HMACSHA256.HashData("second-secret-2"u8, "POST/v2/users{\"a\":1}"u8));
        const string Parameters =
            "(\"@method\" \"@authority\" \"@path\");created=4000000000;expires=4000000300;nonce=\"n\";keyid=\"key-1\"";
        var signed = $"\"@method\": POST\n\"@authority\": api.example\n\"@path\": /v2/users\n\"@signature-params\": {Parameters}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Key), Encoding.ASCII.GetBytes(signed)));
        var request =
            $"POST /v2/users HTTP/1.1\nhost: api.example\nx-descope-webhook-s256: {hmac}\nsignature-input: sig1={Parameters}\n"
            + $"signature: sig1=:{signature}:\n\n{{\"a\":1}}";
        var page = await OpenAsAsync(server, Account.Designer, "/connectors/signed?tab=signature");

        var found = await PasteAsync(page, request);
        await Expect(found).ToContainTextAsync("The HMAC secret 2 verifies it.");

        found = await PasteAsync(page, request.Replace("{\"a\":1}", "{ \"a\": 1 }", StringComparison.Ordinal));
        await Expect(found).ToContainTextAsync("The HMAC secret 2 signed it, but it is not what was signed.");
        await Expect(found).ToContainTextAsync("in line 1, at byte 15 (BODY)");
        await ExpectAccessibleAsync(page, "a request that a server got");
        await PictureAsync(page, "workbench-hmac");

        await new ConnectorPages(page).TabAsync("Message signature");
        found = await PasteAsync(page, request);
        await Expect(found).ToContainTextAsync("The key key-1 verifies it.");
        await Expect(page.GetByText("which is still to come: the clocks differ")).ToBeVisibleAsync();

        found = await PasteAsync(page, request.Replace("host: api.example", "host: 10.0.0.7:8080", StringComparison.Ordinal));
        await Expect(found).ToContainTextAsync("in line 2, at byte 15");
        await Expect(found).ToContainTextAsync("\"@authority\": 10.0.0.7:8080");
        await PictureAsync(page, "workbench-message");

        found = await PasteAsync(page, request.Replace("POST", "PUT", StringComparison.Ordinal));
        await Expect(found).ToContainTextAsync("No key of this connector verifies it.");

        await page.GetByLabel("Paste the request that it got").FillAsync("nonsense");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find the key" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Paste the raw request");
    }

    [Fact]
    public async Task Test_TakesPartsAndIsShownAsACommand()
    {
        await using var server = await ConsoleServer.DemoAsync();
        await AddAsync(server, "echo", new JsonObject { ["baseUrl"] = server.Address + "/demo" });
        var page = await OpenAsAsync(server, Account.Designer, "/connectors/echo?tab=test");
        await page.GetByLabel("Method").SelectOptionAsync("POST");
        await page.GetByLabel("Endpoint").FillAsync("/echo");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Parts" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Test request" });

        // A part that is neither field nor file is told where it stands.
        await form.GetByRole(AriaRole.Button, new() { Name = "Add to Parts" }).ClickAsync();
        await form.GetByRole(AriaRole.Group, new() { Name = "Part 1" }).GetByLabel("Name *").FillAsync("title");
        await form.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Group, new() { Name = "Part 1" })).ToContainTextAsync("A part is either a field or a file.");

        await form.GetByRole(AriaRole.Group, new() { Name = "Part 1" }).GetByLabel("Value").FillAsync("Hello");
        await form.GetByRole(AriaRole.Button, new() { Name = "Add to Parts" }).ClickAsync();
        var photo = form.GetByRole(AriaRole.Group, new() { Name = "Part 2" });
        await photo.GetByLabel("Name *").FillAsync("photo");
        await photo.GetByLabel("File", new() { Exact = true }).FillAsync("aGk=");
        await photo.GetByLabel("File name").FillAsync("a.txt");
        await photo.GetByLabel("Content type").FillAsync("text/plain");
        await ExpectAccessibleAsync(page, "parts");
        await PictureAsync(page, "test-parts");
        await form.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        var body = page.GetByLabel("Request body", new() { Exact = true });
        await Expect(body).ToContainTextAsync("name=\"title\"");
        await Expect(body).ToContainTextAsync("name=\"photo\"; filename=\"a.txt\"");

        await form.GetByRole(AriaRole.Button, new() { Name = "Show as cURL" }).ClickAsync();
        var command = page.GetByLabel("Command", new() { Exact = true });
        await Expect(command).ToContainTextAsync($"curl -X POST '{server.Address}/demo/echo'");
        await Expect(command).ToContainTextAsync("--form-string 'title=Hello'");
        await Expect(command).ToContainTextAsync("-F 'photo=@\"a.txt\"");
        await PictureAsync(page, "test-curl");

        // And the way back.
        await form.GetByRole(AriaRole.Button, new() { Name = "Paste cURL" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog
            .GetByLabel("cURL command")
            .FillAsync("curl -F n=1 -F f=@x.png --cert c.pem --key k.pem --cacert ca.pem https://api.example/up");
        await Expect(dialog).ToContainTextAsync("multipart, 2 parts");
        await Expect(dialog).ToContainTextAsync("file:c.pem");
        await Expect(dialog).ToContainTextAsync("file:ca.pem");
        await PictureAsync(page, "paste-curl-parts");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Fill in" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Group, new() { Name = "Part 2" }).GetByLabel("File name")).ToHaveValueAsync("x.png");
    }

    [Fact]
    public async Task Certificate_ThatEndsSoon_StandsInTheList()
    {
        await using var server = await ConsoleServer.DemoAsync();
        foreach (var (id, days) in new[] { ("soon", 12.5), ("later", 90.5), ("over", -2.5) })
            await AddAsync(server, id, Identity(id, days));
        var page = await OpenAsAsync(server, Account.Viewer, "/connectors");

        await Expect(Row("soon")).ToContainTextAsync("Client certificate ends in 12 days");
        await Expect(Row("over")).ToContainTextAsync("Client certificate ended");
        await Expect(Row("later")).Not.ToContainTextAsync("Client certificate");
        await ExpectAccessibleAsync(page, "certificates");
        await PictureAsync(page, "connectors-certificates");
        await page.GetByRole(AriaRole.Link, new() { Name = "soon", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Client certificate ends in 12 days")).ToBeVisibleAsync();

        ILocator Row(string id) =>
            page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = id, Exact = true }) });
    }

    [Fact]
    public async Task Parts_AreEnteredInTheDesigner_AndARunShowsWhatWasSent()
    {
        await using var server = await ConsoleServer.DemoAsync();
        await AddAsync(server, "echo", new JsonObject { ["baseUrl"] = server.Address + "/demo" });
        var definition = new JsonObject
        {
            ["id"] = "upload",
            ["start"] = "send",
            ["activities"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "send",
                    ["type"] = "GenericHttp",
                    ["connector"] = "echo",
                    ["method"] = "POST",
                    ["endpoint"] = "/echo",
                    ["bodyType"] = "multipart",
                    ["parts"] = new JsonArray(
                        new JsonObject { ["name"] = "title", ["value"] = "a & b" },
                        new JsonObject
                        {
                            ["name"] = "photo",
                            ["file"] = "aGk=",
                            ["filename"] = "p.png",
                            ["contentType"] = "image/png",
                        }
                    ),
                },
                new JsonObject { ["id"] = "done", ["type"] = "End" }
            ),
            ["connections"] = new JsonArray(
                new JsonObject
                {
                    ["source"] = "send",
                    ["port"] = "Success",
                    ["target"] = "done",
                }
            ),
        };
        var made = await server.CallAsync(HttpMethod.Post, "/api/flows", new JsonObject { ["definition"] = definition });
        await server.CallAsync(
            HttpMethod.Post,
            "/api/flows/upload/publish",
            new JsonObject { ["note"] = "first", ["revision"] = made.GetProperty("revision").GetInt64() }
        );
        var page = await OpenAsAsync(server, Account.Designer, "/flows/upload");
        var designer = new DesignerPage(page);

        await designer.ChooseAsync("send");
        var part = designer.Inspector.GetByRole(AriaRole.Group, new() { Name = "Part 2" });
        await Expect(part.GetByLabel("File name")).ToHaveTextAsync("p.png");
        await designer.Inspector.GetByRole(AriaRole.Button, new() { Name = "Add to Parts" }).ClickAsync();
        await designer.Inspector.GetByRole(AriaRole.Group, new() { Name = "Part 3" }).GetByLabel("Name *").FillAsync("n");
        await designer.Inspector.GetByRole(AriaRole.Group, new() { Name = "Part 3" }).GetByLabel("Value").FillAsync("1");
        await part.ScrollIntoViewIfNeededAsync();
        await ExpectAccessibleAsync(page, "parts in the designer");
        await PictureAsync(page, "designer-parts");
        await Expect(designer.Saved).ToBeVisibleAsync();

        await server.CallAsync(HttpMethod.Post, "/v1/mgmt/flow/run", new JsonObject { ["flowId"] = "upload" });
        await page.GotoAsync(server.Address + "/console/runs");
        await new RunsPage(page).Link(1).ClickAsync();
        var run = new RunPage(page);
        await run.Steps.First.ClickAsync();
        var sent = run.Detail.GetByLabel("Request body as it was sent");
        await Expect(sent).ToContainTextAsync("name=\"photo\"; filename=\"p.png\"");
        await Expect(sent).ToContainTextAsync("(2 bytes)");
        await Expect(run.Detail.GetByRole(AriaRole.Table, new() { Name = "Request headers" }))
            .ToContainTextAsync("multipart/form-data; boundary=");
        await PictureAsync(page, "run-parts");
    }

    private static async Task<ILocator> PasteAsync(IPage page, string request)
    {
        await page.GetByLabel("Paste the request that it got").FillAsync(request);
        await page.GetByRole(AriaRole.Button, new() { Name = "Find the key" }).ClickAsync();
        return page.GetByRole(AriaRole.Region, new() { Name = "A request that your server got" }).GetByRole(AriaRole.Status).First;
    }

    private static Task<JsonElement> AddAsync(ConsoleServer server, string id, JsonObject configuration) =>
        server.CallAsync(
            HttpMethod.Post,
            "/api/connectors",
            new JsonObject
            {
                ["definition"] = new JsonObject
                {
                    ["id"] = id,
                    ["type"] = "http",
                    ["configuration"] = configuration,
                },
            }
        );

    private static JsonObject Identity(string name, double days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-30),
            now.AddDays(days)
        );
        return new JsonObject
        {
            ["baseUrl"] = "https://api.example",
            ["clientCertificate"] = certificate.ExportCertificatePem(),
            ["clientKey"] = key.ExportPkcs8PrivateKeyPem(),
        };
    }
}
