using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Keys;
using SessionReplay.Pipeline;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Bounds over all processes what the public write key can make last: new sessions, bytes of recordings and of assets, requests to forget.
/// </summary>
internal sealed class IngestQuotas(
    SharedQuotas quotas, ITenantCipherProvider ciphers, IOptions<IngestOptions> options, IOptions<SessionLifecycleOptions> sessions)
{
    private const string Sessions = "sessions";
    private const string RecordingBytes = "recording-bytes";
    private const string AssetBytes = "asset-bytes";
    private const string Forgets = "forgets";
    private const string OfTenant = "tenant-quota";
    private const string OfAddress = "address-quota";
    private const string OfSession = "session-quota";
    private const string OfAssets = AssetReservations.QuotaCode;

    private const int DeniedForgetsPerHour = 1_000;

    /// <summary>What a batch counts at least: its rows cost something too.</summary>
    private const long MinBatch = 8_192;

    /// <summary>A session below this part of its bound costs the catalog nothing.</summary>
    private const int OwnShare = 100;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private IngestOptions Limits => options.Value;

    /// <summary>Lets a session begin.</summary>
    /// <exception cref="IngestRejectedException">Too many have begun.</exception>
    public async ValueTask TakeSessionAsync(TenantId tenant, IPAddress? address, CancellationToken cancellationToken) => await TakeAsync(
        tenant, Sessions, 1,
        [
            new(OfTenant, Sessions, new(Limits.NewSessionsPerHourPerTenant, Hour)),
            await OfAddressAsync(Sessions, tenant, address, Limits.NewSessionsPerHourPerAddress, cancellationToken).ConfigureAwait(false),
        ],
        cancellationToken).ConfigureAwait(false);

    /// <summary>Lets a batch be recorded.</summary>
    /// <exception cref="IngestRejectedException">The session, its address or its tenant has sent too much.</exception>
    public async ValueTask TakeRecordingAsync(SessionRef session, IPAddress? address, long bytes, CancellationToken cancellationToken) =>
        await TakeAsync(
        session.Tenant, RecordingBytes, Math.Max(bytes, MinBatch),
        [
            new(OfSession, $"{RecordingBytes}/session/{session.Session}", new(Limits.MaxSessionBytes, sessions.Value.MaxDuration),
                Limits.MaxSessionBytes / OwnShare),
            await OfAddressAsync(RecordingBytes, session.Tenant, address, Limits.RecordingBytesPerHourPerAddress, cancellationToken)
                .ConfigureAwait(false),
            new(OfTenant, RecordingBytes, new(Limits.RecordingBytesPerDayPerTenant, Day)),
        ],
        cancellationToken).ConfigureAwait(false);

    /// <summary>Lets an asset in.</summary>
    /// <exception cref="IngestRejectedException">The session, or the address, has sent too much.</exception>
    public async ValueTask TakeAssetAsync(AssetUpload asset, long bytes, CancellationToken cancellationToken)
    {
        var (tenant, session) = (asset.Session.Tenant, asset.Session.Session);
        var ofAddress = await OfAddressAsync(AssetBytes, tenant, asset.Address, Limits.AssetBytesPerHourPerAddress, cancellationToken)
            .ConfigureAwait(false);
        QuotaScope[] scopes = asset.HasBegun
            ? [new(OfAssets, $"{AssetBytes}/session/{session}", new(Limits.MaxSessionAssetBytes, sessions.Value.MaxDuration)), ofAddress]
            : [ofAddress];
        await TakeAsync(tenant, AssetBytes, bytes, scopes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets an address ask to forget, whether or not it may.</summary>
    /// <exception cref="IngestRejectedException">It has asked too often.</exception>
    public async ValueTask TakeForgetRequestAsync(TenantId tenant, IPAddress? address, CancellationToken cancellationToken) =>
        await TakeAsync(
        tenant, Forgets, 1,
        [await OfAddressAsync(Forgets, tenant, address, Limits.ForgetsPerHourPerAddress, cancellationToken).ConfigureAwait(false)],
        cancellationToken).ConfigureAwait(false);

    /// <summary>Lets a session be forgotten by a caller that has its secret. Others cannot use this up.</summary>
    /// <exception cref="IngestRejectedException">Too many were forgotten.</exception>
    public ValueTask TakeForgetAsync(TenantId tenant, CancellationToken cancellationToken) =>
        TakeAsync(tenant, Forgets, 1, [new(OfTenant, Forgets, new(Limits.ForgetsPerHourPerTenant, Hour))], cancellationToken);

    /// <summary>Whether one more refused request to forget may be written into the audit log, which keeps its rows for ever.</summary>
    public async ValueTask<bool> MayAuditDeniedForgetAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await quotas.TakeAsync(tenant, new(OfTenant, "denied-forgets", new(DeniedForgetsPerHour, Hour)), 1, cancellationToken)
            .ConfigureAwait(false) is null;

    private async ValueTask TakeAsync(TenantId tenant, string kind, long amount, QuotaScope[] scopes, CancellationToken cancellationToken)
    {
        for (var i = 0; i < scopes.Length; i++)
        {
            var scope = scopes[i];
            var wait = await quotas.TakeAsync(tenant, scope, amount, cancellationToken).ConfigureAwait(false);
            if (wait is not { } retryAfter)
            {
                continue;
            }

            foreach (var taken in scopes[..i])
            {
                await quotas.ReturnAsync(tenant, taken, amount).ConfigureAwait(false);
            }

            Telemetry.QuotaRefusals.Add(1, new("sessionreplay.quota", kind), new("sessionreplay.outcome", scope.Code));
            throw Refusal(scope.Code, kind, retryAfter);
        }
    }

    private static IngestRejectedException Refusal(string code, string kind, TimeSpan retryAfter) => code switch
    {
        OfAssets => AssetReservations.Refusal("The session has sent as many bytes of assets as it may."),
        OfSession =>
            new(StatusCodes.Status429TooManyRequests, code, "The session has sent more than one session may.",
                "It is not recorded further.") { IsFinal = true },
        _ => new(
            StatusCodes.Status429TooManyRequests, code, $"The quota of {kind} is used up.",
            IngestProblems.TryAgain) { RetryAfter = retryAfter },
    };

    /// <summary>An address names a visitor: the catalog gets its blind index, for as long as the period.</summary>
    private async ValueTask<QuotaScope> OfAddressAsync(
        string kind, TenantId tenant, IPAddress? address, long perHour, CancellationToken cancellationToken)
    {
        using var indexer = await ciphers.GetBlindIndexerAsync(tenant, cancellationToken).ConfigureAwait(false);
        var index = indexer.Index("quota-address", Encoding.ASCII.GetBytes(TokenBuckets.NameOf(address)));
        return new(OfAddress, $"{kind}/address/{Convert.ToHexStringLower(index)}", new(perHour, Hour));
    }
}
