using FlowEngine.Errors;
using FlowEngine.HttpConnector.Authentication.Aws;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Stateless: reads how a connector signs for AWS, under the settings' own names or the reference's.</summary>
internal static class AwsNames
{
    /// <summary>Reads the settings, and reports those that are missing; null when the connector does not sign so.</summary>
    public static AwsSettings? Read(HttpConnectorSettings settings, SourceLocation at, DiagnosticBag problems)
    {
        if (settings.AwsAuthType == AwsSettings.None)
            return settings.Aws;
        if (settings.AwsAuthType is not (AwsSettings.Credentials or AwsSettings.AssumeRole))
            problems.Error(
                FlowErrors.Value,
                at.At("awsAuthType"),
                $"'{settings.AwsAuthType}' is no way to sign for AWS.",
                $"Use {AwsSettings.None}, {AwsSettings.Credentials} or {AwsSettings.AssumeRole}."
            );
        if (settings.Aws is not null)
            problems.Error(
                HttpErrors.Aws,
                at.At("awsAuthType"),
                "The connector says twice how requests are signed for AWS.",
                "Remove the settings whose names begin with aws and a capital letter, or \"aws\"."
            );
        return settings.Aws ?? OfReference(settings, at, problems);
    }

    /// <summary>Where a part of it stands, for a report.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="at">The connector's configuration.</param>
    /// <param name="part">The part, such as <c>region</c>.</param>
    public static SourceLocation At(HttpConnectorSettings settings, SourceLocation at, string part) =>
        settings.Aws is not null ? at.At("aws").At(part) : at.At($"aws{char.ToUpperInvariant(part[0])}{part[1..]}");

    private static AwsSettings? OfReference(HttpConnectorSettings settings, SourceLocation at, DiagnosticBag problems)
    {
        var isMissing = false;
        foreach (
            var (name, isGiven) in ((string, bool)[])
                [
                    ("awsAccessKeyId", settings.AwsAccessKeyId.Length > 0),
                    ("awsSecretAccessKey", settings.AwsSecretAccessKey is { IsEmpty: false }),
                    ("awsRegion", settings.AwsRegion.Length > 0),
                    ("awsService", settings.AwsService.Length > 0),
                ]
        )
        {
            if (isGiven)
                continue;
            isMissing = true;
            problems.Error(FlowErrors.Required, at.At(name), $"'{name}' is missing.", "Requests cannot be signed without it.");
        }
        return isMissing
            ? null
            : new AwsSettings
            {
                Type = settings.AwsAuthType,
                AccessKeyId = settings.AwsAccessKeyId,
                SecretAccessKey = settings.AwsSecretAccessKey!,
                RoleArn = settings.AwsRoleArn.Length > 0 ? settings.AwsRoleArn : null,
                ExternalId = settings.AwsExternalId.Length > 0 ? settings.AwsExternalId : null,
                Region = settings.AwsRegion,
                Service = settings.AwsService,
            };
    }
}
