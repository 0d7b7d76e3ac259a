using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Authentication.Aws;

/// <summary>Bound once, then read only: how requests are signed for AWS (Signature Version 4).</summary>
public sealed class AwsSettings
{
    /// <summary>In the reference's words: nothing is signed.</summary>
    internal const string None = "none";

    /// <summary>The type of what signs with the access key itself.</summary>
    internal const string Credentials = "credentials";

    /// <summary>The type of what signs with a role.</summary>
    internal const string AssumeRole = "assumeRole";

    /// <summary>With what requests are signed: <c>credentials</c> (the default) or <c>assumeRole</c>.</summary>
    [Setting("With what requests are signed: the access key itself, or a role that it may take.", Choices = [Credentials, AssumeRole])]
    public string Type { get; set; } = Credentials;

    /// <summary>The access key's id.</summary>
    [Setting("The id of the access key.", Label = "Access key id", Required = true)]
    public string AccessKeyId { get; set; } = "";

    /// <summary>The access key's secret.</summary>
    [Setting("The secret of the access key.", Required = true)]
    public Secret SecretAccessKey { get; set; } = new("");

    /// <summary>The token that belongs to a temporary access key; null (the default) for none.</summary>
    [Setting("The session token that belongs to a temporary access key.")]
    public Secret? SessionToken { get; set; }

    /// <summary>The role.</summary>
    [Setting(
        "The role to take, such as arn:aws:iam::123456789012:role/api.",
        Label = "Role ARN",
        When = "type=assumeRole",
        RequiredThen = true
    )]
    public string? RoleArn { get; set; }

    /// <summary>What the role asks for besides; null (the default) for nothing.</summary>
    [Setting("The external id that the role's owner asks for.", Label = "External id", When = "type=assumeRole")]
    public string? ExternalId { get; set; }

    /// <summary>Where roles are taken; null (the default) for the region's own endpoint.</summary>
    [Setting(
        "Where roles are taken, in place of https://sts.<region>.amazonaws.com: an endpoint of your own network or another partition.",
        Label = "STS URL",
        When = "type=assumeRole"
    )]
    public string? StsUrl { get; set; }

    /// <summary>The region.</summary>
    [Setting("The region of the API, such as eu-central-1.", Required = true)]
    public string Region { get; set; } = "";

    /// <summary>The service.</summary>
    [Setting("The service's name in signatures, such as execute-api, lambda or s3.", Required = true)]
    public string Service { get; set; } = "";
}
