using FlowEngine.Context;

namespace FlowEngine.TestServers;

/// <summary>A connector with secrets to store.</summary>
internal static class SampleConnector
{
    public static FlowObject Definition(string secret, string hmac = "env:PROFILE_HMAC") =>
        Read(
            $$"""
            { "id": "profile-api", "type": "http", "name": "Profile", "configuration": {
              "baseUrl": "https://api.example.com",
              "authentication": { "method": "basic", "basic": { "username": "u", "password": "{{secret}}" },
                "apiKey": { "key": "x-key", "token": "{{secret}}2" } },
              "headers": [ { "key": "x-tenant", "value": "t" } ], "hmacSecret": "{{hmac}}", "unknown": { "kept": true } } }
            """
        );

    private static FlowObject Read(string json) =>
        FlowValue.Parse(json).TryGetObject(out var definition) ? definition : throw new ArgumentException("No object.", nameof(json));
}
