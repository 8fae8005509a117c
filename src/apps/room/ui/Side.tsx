import { phases } from "../../../patients/cohort/case.ts";
import { dicomAge, dicomDay, dicomSex, personName } from "../../../report/prediction/words.ts";
import {
  assign,
  change,
  mask,
  middleOfLabel,
  type Part,
  parts,
  problems,
  shown,
  structureVolumes,
  study,
  view,
} from "../store/store.ts";
import { words } from "../words.ts";
import { outlineColors } from "./draw.ts";
import { ProblemList } from "./ProblemList.tsx";
import { shownName } from "./shownName.ts";
import { huAt, structureAt } from "./told.ts";

/** What is known of the study, beside the pictures. */
export function Side() {
  return (
    <aside class="side">
      <Patient />
      <Crosshair />
      <Images />
      <Mask />
      <Show />
      <Notes />
      <p class="quiet">{words.research}</p>
    </aside>
  );
}

function Patient() {
  const { name, id, sex, age, studyDate, studyDescription } = study.value?.patient ?? {};
  const facts = [id, sex && dicomSex(sex), age && dicomAge(age)].filter(Boolean).join(", ");
  return (
    <section>
      <h2>{words.patient}</h2>
      <p class="patient">{name ? personName(name) : words.noName}</p>
      {facts && <p>{facts}</p>}
      {studyDate && <p>{[dicomDay(studyDate), studyDescription].filter(Boolean).join(", ")}</p>}
    </section>
  );
}

function Crosshair() {
  const { point } = view.value;
  const structure = structureAt(point);
  return (
    <section>
      <h2>{words.crosshairAt}</h2>
      <p class="numbers coordinates">{words.coordinates(point)}</p>
      <dl class="values">
        {shown.value.map((image) => (
          <div key={image.name}>
            <dt>{image.phase ? words.phases[image.phase] : shownName(image.name)}</dt>
            <dd>{huAt(image, point)}</dd>
          </div>
        ))}
      </dl>
      {mask.value && <p>{structure ? `${words.mask}: ${structure}` : `${words.mask}: –`}</p>}
    </section>
  );
}

function Images() {
  const images = study.value?.images ?? [];
  return (
    <section>
      <h2>{words.images}</h2>
      <ul class="images">
        {images.map(({ name, size, spacing, phase, confidence }) => (
          <li key={name}>
            <span class="file" title={name}>
              {shownName(name)}
            </span>
            <span class="quiet">{words.image(size, spacing)}</span>
            <span class="phase">
              <select
                aria-label={words.phaseOf(shownName(name))}
                value={parts.value[name]}
                onChange={({ currentTarget }) => assign(name, currentTarget.value as Part)}
              >
                {phases.map((each) => (
                  <option key={each} value={each}>
                    {words.phases[each]}
                  </option>
                ))}
                <option value="shown">{words.noPhase}</option>
                <option value="hidden">{words.hide}</option>
              </select>
              {phase && phase === parts.value[name] && confidence !== undefined && (
                <span class="quiet">{words.sure(Math.round(100 * confidence))}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {images.every(({ phase }) => phase === undefined) && <p class="warn">{words.noEvidence}</p>}
      {shown.value.length > 1 && <p class="quiet">{words.notRegistered}</p>}
    </section>
  );
}

function Mask() {
  const volume = mask.value;
  return (
    <section>
      <h2>{words.mask}</h2>
      {!volume && <p class="quiet">{words.noMask}</p>}
      {volume && (
        <>
          <ul class="structures">
            {structureVolumes.value.map(({ name, label, ml }) => (
              <li key={name}>
                <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
                  <rect
                    x="1"
                    y="1"
                    width="10"
                    height="10"
                    fill="none"
                    stroke={outlineColors[name]}
                    stroke-width="2"
                  />
                </svg>
                {words.structures[name]}
                {ml > 0 ? (
                  <>
                    <span class="numbers">{words.volume(ml)}</span>
                    <button
                      type="button"
                      aria-label={words.go(name)}
                      onClick={() => {
                        const point = middleOfLabel(volume, label);
                        if (point) change((now) => ({ ...now, point }));
                      }}
                    >
                      {words.goTo}
                    </button>
                  </>
                ) : (
                  <span class="quiet">{words.maskNone}</span>
                )}
              </li>
            ))}
          </ul>
          <label class="range">
            {words.opacity}
            <input
              type="range"
              min="0"
              max="1"
              step="0.05"
              value={view.value.opacity}
              onInput={({ currentTarget }) =>
                change((now) => ({ ...now, opacity: Number(currentTarget.value) }))
              }
            />
          </label>
        </>
      )}
    </section>
  );
}

function Show() {
  const check = (name: "crosshair" | "smooth", text: string) => (
    <label class="check">
      <input
        type="checkbox"
        checked={view.value[name]}
        onChange={() => change((now) => ({ ...now, [name]: !now[name] }))}
      />
      {text}
    </label>
  );
  return (
    <section>
      <h2>{words.view}</h2>
      {check("crosshair", words.crosshair)}
      {check("smooth", words.smooth)}
    </section>
  );
}

function Notes() {
  const remarks = study.value?.remarks ?? [];
  return (
    <>
      {problems.value.length > 0 && (
        <details open>
          <summary>{words.problems(problems.value.length)}</summary>
          <ProblemList problems={problems.value} />
        </details>
      )}
      {remarks.length > 0 && (
        <details>
          <summary>{words.remarks(remarks.length)}</summary>
          <ul class="problems">
            {remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
