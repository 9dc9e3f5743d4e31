using System.Net;
using SessionReplay.Pipeline.Messages;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>An asset that a page sends.</summary>
/// <param name="Session">The session.</param>
/// <param name="HasBegun">Whether a batch of the session was taken; of one that has not begun the catalog keeps no count.</param>
/// <param name="Address">The sender's address.</param>
/// <param name="Hash">The asset's name.</param>
/// <param name="Type">What it is.</param>
/// <param name="Payload">What of it is sealed.</param>
/// <param name="Names">What it names.</param>
internal sealed record AssetUpload(
    SessionRef Session, bool HasBegun, IPAddress? Address, ContentHash Hash, AssetMediaType Type, PayloadToSeal Payload,
    IReadOnlyList<ContentHash> Names);
