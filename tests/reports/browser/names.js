() => {
          const found = [];
          for (const one of document.querySelectorAll("button, a, input, select, [role=button], [role=img]")) {
            const label = one.getAttribute("aria-label") || one.textContent.trim()
              || (one.id && document.querySelector(`label[for="${one.id}"]`)?.textContent.trim())
              || one.closest("label")?.textContent.trim();
            if (!label) found.push(one.outerHTML.slice(0, 120));
          }
          const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
          if (location.hash !== "#/all") found.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice ${id}`));
          const headings = [...document.querySelectorAll("main h1, main h2, main h3, main h4")].map((one) => Number(one.tagName[1]));
          if (headings[0] !== 1) found.push("no h1 first");
          return found;
        }
