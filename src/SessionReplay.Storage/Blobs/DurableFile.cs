using SessionReplay.Files;

namespace SessionReplay.Storage.Blobs;

/// <summary>Writes a file so that after a crash it is there whole or not at all.</summary>
internal static class DurableFile
{
    private const int BufferSize = 128 * 1024;

    /// <summary>How often a folder is made again that deletions beside it keep removing.</summary>
    private const int MaxPlacings = 100;

    /// <summary>Writes a file whole and syncs it to the disk.</summary>
    /// <exception cref="ArgumentException">The content has another length.</exception>
    public static async ValueTask WriteAsync(string path, Stream content, long length, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 1,
        };
        var file = PrivateFile.Open(path, options);
        await using (file.ConfigureAwait(false))
        {
            await content.CopyToAsync(file, BufferSize, cancellationToken).ConfigureAwait(false);
            if (file.Length != length)
            {
                throw new ArgumentException("The content's length does not match the declared length.", nameof(content));
            }

            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>
    /// Moves a file to its place and syncs the folders. A deletion may prune a folder between its making and the rename: then it is made
    /// again.
    /// </summary>
    public static void Place(string temporary, string path, bool replace)
    {
        var folder = Path.GetDirectoryName(path)!;
        for (var attempt = 1; ; attempt++)
        {
            var parent = FirstExisting(folder);
            try
            {
                PrivateFile.CreateFolder(folder);
                if (replace || !File.Exists(path))
                {
                    File.Move(temporary, path, overwrite: replace);
                }

                for (var made = folder; made.Length >= parent.Length; made = Path.GetDirectoryName(made)!)
                {
                    DurableFolder.Flush(made);
                }

                return;
            }
            catch (IOException) when (attempt < MaxPlacings && File.Exists(temporary))
            {
            }
        }
    }

    private static string FirstExisting(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
