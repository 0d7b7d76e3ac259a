using System.Net;
using System.Security.Cryptography;
using FlowEngine.Bench.HandWritten;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

// The login as an engineer would write it for one application, without an engine: two requests, the same durable state, the same calls, the
// same tokens. handwritten-login --urls URL --Database CONNECTION --People CONNECTION --Upstream URL --Keys FOLDER

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
var settings = builder.Configuration;

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(new RunTable(Source(settings["Database"]!)));
builder.Services.AddSingleton(new People(Source(settings["People"]!)));
builder.Services.AddSingleton(
    new ProfileApi(
        new HttpClient
        {
            BaseAddress = new Uri(settings["Upstream"]!),
            Timeout = TimeSpan.FromSeconds(10),
            DefaultRequestVersion = HttpVersion.Version11,
        }
    )
);
builder.Services.AddSingleton(provider => new Tokens(
    new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "bench" },
    settings["urls"]!,
    provider.GetRequiredService<TimeProvider>()
));
builder
    .Services.AddDataProtection()
    .PersistKeysToFileSystem(new DirectoryInfo(settings["Keys"]!))
    .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
builder.Services.AddSingleton<Login>();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Json.Default));

var app = builder.Build();
await app.Services.GetRequiredService<RunTable>().CreateAsync();
app.MapPost("/v1/flow/start", (StartRequest request, Login login, HttpContext http) => login.StartAsync(request, http));
app.MapPost("/v1/flow/next", (NextRequest request, Login login, HttpContext http) => login.NextAsync(request, http.RequestAborted));
await app.RunAsync();

static NpgsqlDataSource Source(string connection) =>
    NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection)
        {
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = 30,
        }
    );
