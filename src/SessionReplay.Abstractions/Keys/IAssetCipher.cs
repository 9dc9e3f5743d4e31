
namespace SessionReplay.Keys;

/// <summary>Seals and opens one asset (docs/format/v1.md, section 5). Safe for concurrent use.</summary>
public interface IAssetCipher : IDisposable
{
    /// <summary>Seals an asset.</summary>
    /// <param name="header">The header; its <see cref="AssetHeader.PayloadLength"/> is the length of <paramref name="payload"/>.</param>
    /// <param name="payload">The content, compressed as the header says.</param>
    /// <param name="asset">Takes the asset object, <see cref="AssetHeader.ObjectLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The header names another tenant, or the lengths do not fit.</exception>
    void Seal(in AssetHeader header, ReadOnlySpan<byte> payload, Span<byte> asset);

    /// <summary>Opens an asset object.</summary>
    /// <param name="expectedHash">The SHA-256 that was asked for.</param>
    /// <param name="asset">The asset object.</param>
    /// <param name="payload">Takes the payload, <c>asset.Length - 144</c> bytes. It holds nothing of the content unless the call
    /// returns.</param>
    /// <returns>The authentic header.</returns>
    /// <exception cref="FormatRejectedException">Rules C1 to C6, read for assets.</exception>
    AssetHeader Open(ContentHash expectedHash, ReadOnlySpan<byte> asset, Span<byte> payload);
}
